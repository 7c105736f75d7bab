/**
 * The bits that come back. Those that let a program run as its owner or its group (04000, 02000) and the sticky bit do
 * not: whoever can write to the bucket would choose what gets them.
 */
const RESTORED_BITS = 0o777;

/** @param mode four octal digits */
export function restoredMode(mode: string): number {
  return Number.parseInt(mode, 8) & RESTORED_BITS;
}

/** Whether bits are lost in {@link restoredMode}. */
export function hasSpecialBits(mode: string): boolean {
  return restoredMode(mode) !== Number.parseInt(mode, 8);
}
