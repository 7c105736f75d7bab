const MIB = 1024 * 1024;

/** Multipart limits of S3 ("Amazon S3 multipart upload limits", S3 User Guide). The last part may be smaller. */
export const MAX_PARTS = 10_000;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PART_BYTES = 5 * 1024 * MIB;

/**
 * The part size for an object: the wanted one, or the smallest whole number of MiB with which 10,000 parts suffice.
 * All parts but the last have it, as R2 demands.
 *
 * @param size bytes of the object
 * @param wanted bytes, at least {@link MIN_PART_BYTES}
 */
export function partSizeFor(size: number, wanted: number): number {
  if (size <= wanted * MAX_PARTS) return wanted;
  return Math.ceil(size / MAX_PARTS / MIB) * MIB;
}

/** So many parts of an object of unknown length have the wanted size, which some stores ask of all but the last. */
export const EQUAL_PARTS = 5_000;
/** From then on parts are twice as large after so many more: ten times, so that 10,000 hold whatever memory allows. */
const PARTS_PER_STEP = 500;

/**
 * The size of a part of an object whose length is not known before its end.
 *
 * @param number of the part, from 1
 * @param wanted bytes, at least {@link MIN_PART_BYTES}
 * @param memory bytes of all buffers; of the largest parts two fit
 */
export function growingPartSize(number: number, wanted: number, memory: number): number {
  const steps = Math.max(0, Math.ceil((number - EQUAL_PARTS) / PARTS_PER_STEP));
  const largest = Math.min(MAX_PART_BYTES, Math.floor(memory / 2 / MIB) * MIB);
  return Math.max(wanted, Math.min(wanted * 2 ** steps, largest));
}
