const MIB = 1024 * 1024;

/** Files up to this size are taken from a pack together with their neighbours; larger ones one by one, as a stream. */
const SMALL_MEMBER_BYTES = 4 * MIB;

/** Of frames as they are stored: so much fits into memory beside others. */
export const SMALL_SLICE_BYTES = 8 * MIB;

/**
 * @param size of the member
 * @param sliceBytes of its slice, as stored
 */
export function isSmall(size: number, sliceBytes: number): boolean {
  return size <= SMALL_MEMBER_BYTES && sliceBytes <= SMALL_SLICE_BYTES;
}
