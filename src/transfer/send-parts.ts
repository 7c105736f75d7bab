import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrc32 } from '../crc32-combine.ts';
import { changedError, type SourceFile } from '../source-file.ts';
import type { Part, PartUpload } from '../store/object-store.ts';
import { retry } from '../store/retry.ts';
import type { UploadContext } from './upload-file.ts';

/** The whole object as it was sent, computed while its parts went by. */
export interface SentObject {
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly crc32: number;
}

/** Digests of the whole, fed in file order. */
interface Running {
  readonly sha256: Hash;
  crc32: number;
  size: number;
}

/**
 * Reads a file once, in order, and sends its parts in parallel: the next part is read as soon as the one before it has
 * been read and hashed and there is room for one more. Stops at the size the file had when it was opened, or at its end
 * if that comes earlier.
 *
 * @throws the first failure, after all parts in flight have ended
 */
export async function sendParts(
  file: SourceFile,
  partSize: number,
  upload: PartUpload,
  context: UploadContext,
): Promise<SentObject> {
  const running: Running = { sha256: createHash('sha256'), crc32: 0, size: 0 };
  const inFlight = new Set<Promise<void>>();
  const { size } = file.state;
  try {
    for (let number = 1, position = 0; number === 1 || position < size; number++, position += partSize) {
      const bytes = Math.min(partSize, size - position);
      const { read, sent } = beginPart({ file, number, position, bytes }, running, upload, context);
      inFlight.add(sent);
      sent.then(() => inFlight.delete(sent)).catch(() => {});
      if ((await Promise.race([read, firstFailure(inFlight)])) < bytes) break;
    }
    await Promise.all(inFlight);
  } finally {
    await Promise.allSettled(inFlight);
  }
  return { size: running.size, sha256: running.sha256.digest('hex'), crc32: running.crc32 };
}

interface PartRange {
  readonly file: SourceFile;
  readonly number: number;
  /** Offset in the file. */
  readonly position: number;
  readonly bytes: number;
}

/** @returns `read`: bytes read, once they are hashed; `sent`: settles when the store has the part or it failed */
function beginPart(
  range: PartRange,
  running: Running,
  upload: PartUpload,
  context: UploadContext,
): { read: Promise<number>; sent: Promise<void> } {
  const read = Promise.withResolvers<number>();
  const sent = context.lanes.withBuffer(range.bytes, async (buffer) => {
    context.signal.throwIfAborted();
    const length = await range.file.read(buffer, range.position);
    const bytes = buffer.subarray(0, length);
    const part: Part = { number: range.number, bytes, crc32: crc32(bytes) };
    running.sha256.update(bytes);
    running.crc32 = combineCrc32(running.crc32, part.crc32, length);
    running.size += length;
    read.resolve(length);
    // A file that ended earlier has nothing left to send, but S3 wants at least one part.
    if (length > 0 || range.number === 1) await sendPart(range, part, upload, context);
    context.onSent(length, length);
  });
  sent.catch(read.reject);
  return { read: read.promise, sent };
}

/** Sends a part; after a failure its bytes are read from disk again, and must be the same. */
async function sendPart(range: PartRange, part: Part, upload: PartUpload, context: UploadContext): Promise<void> {
  await retry(async (attempt) => {
    context.signal.throwIfAborted();
    // Where a change is no error, what was hashed is what is sent, also the second time.
    if (attempt > 1 && context.failOnChange) await readAgain(range, part);
    await upload.putPart(part);
  }, context);
}

async function readAgain({ file, position }: PartRange, part: Part): Promise<void> {
  const length = await file.read(part.bytes, position);
  const found = crc32(part.bytes.subarray(0, length));
  if (length !== part.bytes.byteLength || found !== part.crc32) {
    throw changedError(file.path, `CRC-32 ${part.crc32}`, `CRC-32 ${found}`);
  }
}

/** Never resolves; rejects with the first failure among the promises. */
function firstFailure(promises: Iterable<Promise<void>>): Promise<never> {
  return new Promise((_, reject) => {
    for (const promise of promises) promise.catch(reject);
  });
}
