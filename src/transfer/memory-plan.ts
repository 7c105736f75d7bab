import { FRAMES_MEMORY_BYTES } from './file-frames.ts';

const MIB = 1024 * 1024;

/** Of a pack that goes in parts: what fits in one is a single request, and smaller ones would only be more of them. */
const WANTED_PART_BYTES = 32 * MIB;
/** S3's lower limit for all parts but the last. */
const MIN_PART_BYTES = 5 * MIB;

/** A batch is held as it was read, as an archive, and compressed. */
const BYTES_PER_BATCH = 3 * MIB;
/** Four threads with two each; more would wait for the one that sends. */
const MAX_BATCHES = 8;

/** The least that packs are made with: one part, one batch. */
export const MIN_PACK_MEMORY_BYTES = MIN_PART_BYTES + BYTES_PER_BATCH;

/** What packs are made with, out of the memory a transfer may take. */
export interface PackMemory {
  /** Bytes of a part of a pack. */
  readonly partSize: number;
  /** Two: a pack is filled while the end of the one before is on its way. */
  readonly buffers: 1 | 2;
  /** Frames in the making. */
  readonly batches: number;
  /** What all that takes, beside what is sent. */
  readonly bytes: number;
}

/**
 * At most half of the memory, and no more than pays, is for making packs; parts that are on their way count as sent.
 * @param memory bytes of all buffers together, as `max-memory` says
 * @param largePartSize of large files: one such part fits beside packs, where {@link MIN_PACK_MEMORY_BYTES} do
 */
export function planPackMemory(memory: number, largePartSize: number): PackMemory {
  const share = Math.min(memory / 2, memory - roomForPart(largePartSize));
  const partSize = Math.min(WANTED_PART_BYTES, Math.max(MIN_PART_BYTES, Math.floor(share / 4 / MIB) * MIB));
  const buffers = 2 * partSize + BYTES_PER_BATCH <= share ? 2 : 1;
  const affordable = Math.floor((share - buffers * partSize) / BYTES_PER_BATCH);
  const batches = Math.min(MAX_BATCHES, Math.max(1, affordable));
  return { partSize, buffers, batches, bytes: buffers * partSize + batches * BYTES_PER_BATCH };
}

/** Two files keep two cores busy; each is compressed in four threads. */
const MAX_COMPRESSED_AT_ONCE = 2;

/**
 * Files that are compressed at once, out of at most a quarter of the memory: none where that is too little for one.
 * @param memory as of {@link planPackMemory}
 * @param packBytes what making packs takes of it
 */
export function planCompression(
  memory: number,
  largePartSize: number,
  packBytes: number,
): { readonly atOnce: number; readonly bytes: number } {
  const share = Math.min(memory / 4, memory - packBytes - roomForPart(largePartSize));
  const atOnce = Math.min(MAX_COMPRESSED_AT_ONCE, Math.floor(share / FRAMES_MEMORY_BYTES));
  return { atOnce, bytes: atOnce * FRAMES_MEMORY_BYTES };
}

/** A file that goes whole is read with a byte more than its size, which shows whether it grows. */
function roomForPart(partSize: number): number {
  return partSize + 1;
}
