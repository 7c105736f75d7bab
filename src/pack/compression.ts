import { constants, type ZstdOptions, zstdCompressSync } from 'node:zlib';

/**
 * A level at which zstd puts what does not compress into raw blocks at once, at the speed of a copy (2 GB/s, four times
 * that of level 3).
 */
const STORE_LEVEL = -5;

/** Of a body, compressed at {@link SAMPLE_LEVEL} to see whether more is worth the time. */
const SAMPLE_BYTES = 32 * 1024;
const SAMPLE_LEVEL = 1;

/** A sample that shrinks less than this is of data that is compressed already, or random. */
const WORTHWHILE_RATIO = 0.95;

/** The whole may shrink less than the sample; a frame that needs more room than that is put together from two pieces. */
const SAMPLE_TOLERANCE = 1.25;

/** What zstd may add to data it cannot shrink: three bytes a block of 128 KiB, header and checksum (`ZSTD_compressBound`). */
const OVERHEAD_BYTES = 1024;

/**
 * For one frame: with a checksum, because Node's default has none, and with its size in its header.
 * @param ratio about what it shrinks to, as a part of what it was
 */
function frameOptions(bytes: Uint8Array, level: number, ratio = 1): ZstdOptions {
  const expected = Math.ceil(bytes.byteLength * Math.min(1, ratio * SAMPLE_TOLERANCE));
  return {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    pledgedSrcSize: bytes.byteLength,
    // In one piece as a rule: Node would put many of 16 KiB together otherwise. No larger, as all of it stays in memory.
    chunkSize: expected + (bytes.byteLength >> 8) + OVERHEAD_BYTES,
  };
}

/** One whole zstd frame. @param level of zstd */
export function compressFrame(bytes: Uint8Array, level: number): Buffer {
  return zstdCompressSync(bytes, frameOptions(bytes, level));
}

/** How to compress some bytes: at the wanted level, or the fastest where a sample of them says that it would not pay. */
export function sampledOptions(bytes: Uint8Array, wanted: number): ZstdOptions {
  const ratio = sampleRatio(bytes);
  return frameOptions(bytes, ratio > WORTHWHILE_RATIO ? STORE_LEVEL : wanted, ratio);
}

/** Bytes of a sample from the middle after compression, as a part of those before. */
export function sampleRatio(bytes: Uint8Array): number {
  if (bytes.byteLength === 0) return 1;
  const start = Math.max(0, (bytes.byteLength - SAMPLE_BYTES) >> 1);
  const sample = bytes.subarray(start, start + SAMPLE_BYTES);
  return compressFrame(sample, SAMPLE_LEVEL).byteLength / sample.byteLength;
}
