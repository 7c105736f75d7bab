import { TextDecoder } from 'node:util';
import { BackupError, DAMAGED } from '../errors.ts';

/**
 * Splits UTF-8 bytes into lines without their newline.
 *
 * @param maxBytes a longer line is an error: what is read may be hostile and is never held whole
 * @throws BackupError with code {@link DAMAGED} for a line that is too long, not UTF-8, or not ended by a newline
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  what: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      if (end - start > maxBytes) throw tooLong(what, maxBytes);
      yield decode(decoder, bytes.subarray(start, end), what);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.byteLength > maxBytes) throw tooLong(what, maxBytes);
  }
  if (rest.byteLength > 0) throw unreadable(what, 'its last line is cut off');
}

function decode(decoder: TextDecoder, line: Uint8Array, what: string): string {
  try {
    return decoder.decode(line);
  } catch (cause) {
    throw unreadable(what, 'a line is not UTF-8', cause);
  }
}

function tooLong(what: string, maxBytes: number): BackupError {
  return unreadable(what, `a line has more than ${maxBytes} bytes`);
}

function unreadable(what: string, problem: string, cause?: unknown): BackupError {
  return new BackupError(`${what} cannot be read: ${problem}.`, {
    class: 'permanent',
    operation: 'read lines',
    code: DAMAGED,
    cause,
  });
}
