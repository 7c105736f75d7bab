import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MIN_PACK_MEMORY_BYTES, planCompression, planPackMemory } from '../../src/transfer/memory-plan.ts';

const MIB = 2 ** 20;
/** As the inputs `max-memory` and `part-size` are taken: see `inputs/transfer.ts`. */
const anyMemory = fc
  .integer({ min: 16_000_000, max: 1e11 })
  .chain((memory) =>
    fc.tuple(
      fc.constant(memory),
      fc.integer({ min: 5 * MIB, max: Math.min(5 * 1024 * MIB, memory - MIN_PACK_MEMORY_BYTES - 1) }),
    ),
  );

it('stays within the memory there is, and leaves what a part of a large file needs', () => {
  fc.assert(
    fc.property(anyMemory, ([memory, largePartSize]) => {
      const { partSize, buffers, batches, bytes } = planPackMemory(memory, largePartSize);
      expect(buffers * partSize + batches * 3 * MIB).toBe(bytes);
      const compression = planCompression(memory, largePartSize, bytes);
      expect(compression.bytes).toBe(compression.atOnce * 8 * MIB);
      // A file of the size of a part is read with one byte more.
      expect(memory - bytes - compression.bytes).toBeGreaterThanOrEqual(largePartSize + 1);
      expect(partSize).toBeGreaterThanOrEqual(5 * MIB);
    }),
    { examples: [[[16_000_000, 16_000_000 - MIN_PACK_MEMORY_BYTES - 1]], [[256_000_000, 200 * MIB]]] },
  );
});

it.each([
  [16_000_000, 0],
  [40_000_000, 1],
  [256_000_000, 2],
  [1e12, 2],
])('compresses, with %d bytes, %d files at once', (memory, atOnce) => {
  expect(planCompression(memory, 5 * MIB, planPackMemory(memory, 5 * MIB).bytes).atOnce).toBe(atOnce);
});

it.each([
  [16_000_000, { partSize: 5 * MIB, buffers: 1, batches: 1 }],
  [64_000_000, { partSize: 7 * MIB, buffers: 2, batches: 5 }],
  [256_000_000, { partSize: 30 * MIB, buffers: 2, batches: 8 }],
  [1e12, { partSize: 32 * MIB, buffers: 2, batches: 8 }],
])('of %d bytes', (memory, plan) => {
  expect(planPackMemory(memory, 5 * MIB)).toMatchObject(plan);
});
