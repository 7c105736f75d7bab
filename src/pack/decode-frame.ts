import { promisify } from 'node:util';
import { zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../errors.ts';
import { PackProblem } from './problem.ts';

const MIB = 1024 * 1024;

/** Of the buffer to decode into: more than a small frame fills, so that there is no second one for nothing. */
const MIN_CHUNK_BYTES = 64 * 1024;

/**
 * What one frame may decode to. Frames are written with about 1 MiB; whatever the bucket holds, no more than this is
 * decoded at once.
 */
export const MAX_DECODED_BYTES = 8 * MIB;

/** Of a frame as it is stored: what does not compress is a little longer than its content. */
export const MAX_FRAME_BYTES = MAX_DECODED_BYTES + MIB;

const decompress = promisify(zstdDecompress);

/** A frame, found by walking its blocks. */
export interface Frame {
  /** Exactly its bytes. */
  readonly bytes: Uint8Array;
  /** What it says it decodes to. */
  readonly content: number;
}

/** @throws PackProblem for a frame that is damaged, or decodes to more than it may */
export async function decodeFrame(frame: Frame): Promise<Buffer> {
  const options = optionsFor(frame);
  try {
    return await decompress(frame.bytes, options);
  } catch (error) {
    throw undecodable(error);
  }
}

/** As {@link decodeFrame}, at once: for what is small, and for threads that have nothing else to do. */
export function decodeFrameSync(frame: Frame): Buffer {
  const options = optionsFor(frame);
  try {
    return zstdDecompressSync(frame.bytes, options);
  } catch (error) {
    throw undecodable(error);
  }
}

/** One buffer of the right size is faster than many small ones that are joined. */
function optionsFor({ content }: Frame) {
  if (content > MAX_DECODED_BYTES) {
    throw new PackProblem(`a frame says that it decodes to ${content} bytes, and ${MAX_DECODED_BYTES} are allowed`);
  }
  return { maxOutputLength: MAX_DECODED_BYTES, chunkSize: Math.max(content, MIN_CHUNK_BYTES) };
}

function undecodable(error: unknown): PackProblem {
  return new PackProblem(`a frame cannot be decoded (${messageOf(error)})`, { cause: error });
}
