import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, partSizeFor } from '../../src/transfer/part-plan.ts';

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
