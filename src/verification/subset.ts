import { createHash } from 'node:crypto';
import type { DataSubset } from './types.ts';

/** Bytes of the hash that decide: 48 bits are a whole number that JavaScript knows exactly. */
const DECIDING_BYTES = 6;
const RANGE = 2 ** (8 * DECIDING_BYTES);

/**
 * Tells whether an object is read. The key alone decides (for a sample: the key and the seed), so the shares of one
 * division never overlap and leave nothing out, whatever else is in the series.
 *
 * @returns a test for keys relative to the series
 */
export function subsetFilter(subset: DataSubset): (key: string) => boolean {
  switch (subset.kind) {
    case 'part':
      return (key) => hash48(key) % subset.parts === subset.part - 1;
    case 'sample':
      return (key) => hash48(`${subset.seed}\0${key}`) < subset.share * RANGE;
  }
}

function hash48(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, DECIDING_BYTES);
}
