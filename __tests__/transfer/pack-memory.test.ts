import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planPackMemory } from '../../src/transfer/pack-memory.ts';

const MIB = 2 ** 20;
/** As the input `max-memory` takes it. */
const anyMemory = fc.integer({ min: 16_000_000, max: 1e12 });

it('stays within the memory there is, and leaves what a part of a large file needs', () => {
  fc.assert(
    fc.property(anyMemory, (memory) => {
      const { partSize, buffers, batches, lanes } = planPackMemory(memory);
      expect(buffers * partSize + batches * 3 * MIB + lanes).toBe(memory);
      expect(lanes).toBeGreaterThanOrEqual(5 * MIB);
      expect(partSize).toBeGreaterThanOrEqual(5 * MIB);
    }),
  );
});

it.each([
  [16_000_000, { partSize: 5 * MIB, buffers: 1, batches: 1 }],
  [64_000_000, { partSize: 7 * MIB, buffers: 2, batches: 5 }],
  [256_000_000, { partSize: 16 * MIB, buffers: 2, batches: 8 }],
  [1e12, { partSize: 16 * MIB, buffers: 2, batches: 8 }],
])('of %d bytes', (memory, plan) => {
  expect(planPackMemory(memory)).toMatchObject(plan);
});
