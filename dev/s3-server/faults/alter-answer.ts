import type { Answer } from '../http/answer.ts';
import { ConnectionFault, faultOfType } from './perform.ts';
import type { FiredFault } from './registry.ts';

async function* oneChunk(body: string | Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

/** Bytes up to a limit; then the end, or what `atLimit` throws. */
async function* limited(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
  atLimit?: () => never,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of source) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) break;
  }
  atLimit?.();
}

async function* corrupted(source: AsyncIterable<Uint8Array>, atByte: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of source) {
    const at = atByte - offset;
    offset += chunk.length;
    const copy = Uint8Array.from(chunk);
    if (at >= 0 && at < copy.length) copy[at] = (copy[at] ?? 0) ^ 0xff;
    yield copy;
  }
}

function cut(): never {
  throw new ConnectionFault('close');
}

function fallSilent(): never {
  throw new ConnectionFault('silence');
}

/** The answer with whatever was scripted to be wrong with its body. */
export function alterAnswer(answer: Answer, faults: readonly FiredFault[]): Answer {
  const cutAnswer = faultOfType(faults, 'cutAnswer');
  const stallAnswer = faultOfType(faults, 'stallAnswer');
  const truncate = faultOfType(faults, 'truncate');
  const corrupt = faultOfType(faults, 'corrupt');
  const wrongLength = faultOfType(faults, 'wrongLength');
  if ((cutAnswer ?? stallAnswer ?? truncate ?? corrupt ?? wrongLength) === undefined) return answer;

  const length = Number(answer.headers['content-length'] ?? Buffer.byteLength(answer.body ?? ''));
  let stream = answer.stream ?? oneChunk(answer.body ?? '');
  let announced = length;
  if (corrupt !== undefined) stream = corrupted(stream, corrupt.atByte);
  if (truncate !== undefined) {
    stream = limited(stream, truncate.afterBytes);
    announced = Math.min(length, truncate.afterBytes);
  }
  if (cutAnswer !== undefined) stream = limited(stream, cutAnswer.afterBytes, cut);
  if (stallAnswer !== undefined) stream = limited(stream, stallAnswer.afterBytes, fallSilent);
  if (wrongLength !== undefined) announced += wrongLength.byBytes;
  const close = wrongLength === undefined ? {} : { connection: 'close' };
  const headers = { ...answer.headers, ...close, 'content-length': String(announced) };
  return { status: answer.status, headers, stream };
}
