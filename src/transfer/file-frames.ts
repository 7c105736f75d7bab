import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { freeMemory } from '../free-memory.ts';
import { sampledOptions } from '../pack/compression.ts';
import type { SourceFile } from '../source-file.ts';
import { mapOrdered } from './map-ordered.ts';

const compress = promisify(zstdCompress);

/** Of a frame before compression. */
export const FRAME_BYTES = 1024 * 1024;

/** Frames of one file that are compressed at once: as many as libuv has threads. */
const FRAMES_AT_ONCE = 4;

/** Memory of a file whose frames are made: each is held as it was read and compressed. */
export const FRAMES_MEMORY_BYTES = FRAMES_AT_ONCE * 2 * FRAME_BYTES;

export interface FileFrame {
  /** One zstd frame, or what is to become one. */
  readonly bytes: Uint8Array;
  /** Bytes of the file in it. */
  readonly content: number;
}

export interface CompressionOptions {
  /** Of zstd. */
  readonly level: number;
  readonly signal: AbortSignal;
}

export interface FrameOptions extends CompressionOptions {
  /** What stands before and after the file: the header of a tar member, its padding. */
  readonly head?: Uint8Array;
  readonly tail?: Uint8Array;
  /** A file that ends earlier than when it was opened is filled up with zeros, because its size is written down already. */
  readonly fillUp?: boolean;
}

/** Of a file, known once its last frame has been taken. */
export interface FileDigest {
  /** Bytes, those it was filled up with included. */
  size: number;
  /** 64 hex digits. */
  sha256: string;
  /** Bytes that were read. */
  read: number;
}

/**
 * Reads a file once, from start to the end it had when it was opened, hashes it in this thread and compresses it frame
 * by frame in libuv's. An empty file is one frame.
 *
 * @param digest is filled in at the end
 */
export function fileFrames(file: SourceFile, digest: FileDigest, options: FrameOptions): AsyncGenerator<FileFrame> {
  return compressedFrames(chunksOf(file, digest, options), options);
}

/** Each chunk as a zstd frame, in order, made by libuv's threads. Takes over the chunks, and frees their memory. */
export function compressedFrames(
  chunks: AsyncIterable<FileFrame>,
  { level, signal }: CompressionOptions,
): AsyncGenerator<FileFrame> {
  return mapOrdered(chunks, FRAMES_AT_ONCE, async ({ bytes, content }) => {
    signal.throwIfAborted();
    const frame = await compress(bytes, sampledOptions(bytes, level));
    freeMemory(bytes);
    return { bytes: frame, content };
  });
}

async function* chunksOf(
  file: SourceFile,
  digest: FileDigest,
  { head = new Uint8Array(), tail = new Uint8Array(), fillUp = false }: FrameOptions,
): AsyncGenerator<FileFrame> {
  const hash = createHash('sha256');
  const { size } = file.state;
  let position = 0;
  do {
    const before = position === 0 ? head : new Uint8Array();
    const wanted = Math.min(FRAME_BYTES, size - position);
    const isLast = position + wanted >= size;
    const buffer = Buffer.allocUnsafeSlow(before.byteLength + wanted + (isLast ? tail.byteLength : 0));
    buffer.set(before);
    const target = buffer.subarray(before.byteLength, before.byteLength + wanted);
    const read = await file.read(target, position);
    digest.read += read;
    const content = fillUp ? target.fill(0, read) : target.subarray(0, read);
    hash.update(content);
    digest.size += content.byteLength;
    if (isLast) buffer.set(tail, before.byteLength + wanted);
    // Asked before the chunk is handed on: its memory is freed as soon as it is compressed, and then it has no length.
    const isShort = content.byteLength < wanted;
    yield { bytes: isShort ? content : buffer, content: content.byteLength };
    position += wanted;
    if (isShort) break;
  } while (position < size);
  digest.sha256 = hash.digest('hex');
}
