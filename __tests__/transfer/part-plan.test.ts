import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EQUAL_PARTS,
  growingPartSize,
  MAX_PART_BYTES,
  MAX_PARTS,
  MIN_PART_BYTES,
  partSizeFor,
} from '../../src/transfer/part-plan.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

/** The largest object S3 takes (S3 User Guide, "Amazon S3 multipart upload limits"). */
const MAX_OBJECT_BYTES = 50 * 1000 ** 4;

const anySize = fc.integer({ min: 0, max: MAX_OBJECT_BYTES });
const anyWanted = fc.integer({ min: MIN_PART_BYTES, max: MAX_PART_BYTES });

describe('partSizeFor', () => {
  it('makes at most 10,000 parts that S3 takes, none smaller than wanted', () => {
    fc.assert(
      fc.property(anySize, anyWanted, (size, wanted) => {
        const partSize = partSizeFor(size, wanted);
        expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(MAX_PARTS);
        expect(partSize).toBeGreaterThanOrEqual(wanted);
        expect(partSize).toBeLessThanOrEqual(MAX_PART_BYTES);
      }),
    );
  });

  it('raises the size no further than it has to', () => {
    fc.assert(
      fc.property(anySize, anyWanted, (size, wanted) => {
        const partSize = partSizeFor(size, wanted);
        if (partSize === wanted) return;
        expect(partSize % MIB).toBe(0);
        expect((partSize - MIB) * MAX_PARTS).toBeLessThan(size);
        expect(wanted * MAX_PARTS).toBeLessThan(size);
      }),
    );
  });

  it.each([
    [0, 8 * MIB, 8 * MIB],
    [10_000 * 8 * MIB, 8 * MIB, 8 * MIB],
    [10_000 * 8 * MIB + 1, 8 * MIB, 9 * MIB],
    [5 * TIB, 8 * MIB, 525 * MIB],
    [5 * TIB, 1024 * MIB, 1024 * MIB],
  ])('for %d bytes, %d wanted, is %d', (size, wanted, expected) => {
    expect(partSizeFor(size, wanted)).toBe(expected);
  });
});

describe('growingPartSize', () => {
  const sizes = (wanted: number, memory: number) =>
    Array.from({ length: MAX_PARTS }, (_, index) => growingPartSize(index + 1, wanted, memory));
  const total = (wanted: number, memory: number) => sizes(wanted, memory).reduce((sum, size) => sum + size, 0);

  it('is what is wanted for half of the parts, as stores that need equal ones take them', () => {
    expect(new Set(sizes(8 * MIB, 1024 * MIB).slice(0, EQUAL_PARTS))).toEqual(new Set([8 * MIB]));
  });

  it('never shrinks, and no part is more than S3 takes, nor two of them more than memory holds', () => {
    const memory = fc.integer({ min: 2 * MIN_PART_BYTES, max: TIB });
    fc.assert(
      fc.property(anyWanted, memory, fc.integer({ min: 1, max: MAX_PARTS - 1 }), (wanted, bytes, number) => {
        const size = growingPartSize(number, wanted, bytes);
        expect(size).toBeGreaterThanOrEqual(wanted);
        expect(size).toBeLessThanOrEqual(Math.max(wanted, Math.min(MAX_PART_BYTES, bytes / 2)));
        expect(growingPartSize(number + 1, wanted, bytes)).toBeGreaterThanOrEqual(size);
      }),
    );
  });

  it.each([
    [8 * MIB, 240 * MIB, 0.4],
    [64 * MIB, 240 * MIB, 0.8],
    [8 * MIB, 4096 * MIB, 3.5],
    [8 * MIB, 16 * 1024 * MIB, 6],
  ])('holds, with %d wanted and %d of memory, more than %d TiB', (wanted, memory, atLeast) => {
    expect(total(wanted, memory) / TIB).toBeGreaterThan(atLeast);
  });
});
