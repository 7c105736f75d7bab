import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planCompression, planPackMemory } from '../../src/transfer/memory-plan.ts';

const MIB = 2 ** 20;
/** As the input `max-memory` takes it. */
const anyMemory = fc.integer({ min: 16_000_000, max: 1e12 });

it('stays within the memory there is, and leaves what a part of a large file needs', () => {
  fc.assert(
    fc.property(anyMemory, (memory) => {
      const { partSize, buffers, batches, bytes } = planPackMemory(memory);
      expect(buffers * partSize + batches * 3 * MIB).toBe(bytes);
      expect(memory - bytes - planCompression(memory).bytes).toBeGreaterThanOrEqual(5 * MIB);
      expect(partSize).toBeGreaterThanOrEqual(5 * MIB);
    }),
  );
});

it.each([
  [16_000_000, 0],
  [40_000_000, 1],
  [256_000_000, 2],
  [1e12, 2],
])('compresses, with %d bytes, %d files at once', (memory, atOnce) => {
  expect(planCompression(memory).atOnce).toBe(atOnce);
});

it.each([
  [16_000_000, { partSize: 5 * MIB, buffers: 1, batches: 1 }],
  [64_000_000, { partSize: 7 * MIB, buffers: 2, batches: 5 }],
  [256_000_000, { partSize: 30 * MIB, buffers: 2, batches: 8 }],
  [1e12, { partSize: 32 * MIB, buffers: 2, batches: 8 }],
])('of %d bytes', (memory, plan) => {
  expect(planPackMemory(memory)).toMatchObject(plan);
});
