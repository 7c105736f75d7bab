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
