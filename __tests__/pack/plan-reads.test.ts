import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NeededBytes, type PackPart, planReads } from '../../src/pack/plan-reads.ts';
import { asyncOf } from '../series/series-fixture.ts';

const MANY = { maxBytes: 1_000_000, maxItems: 1000 };

const plan = (parts: readonly PackPart[], readsThrough = false, limits = MANY) =>
  Array.fromAsync(planReads(asyncOf(parts), (part) => part, readsThrough, limits));
const ranges = async (...args: Parameters<typeof plan>) => (await plan(...args)).map(({ start, end }) => [start, end]);

/** By offset, some of them the same; those of one pack do not overlap otherwise. */
const anyParts = fc
  .array(fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 })), {
    maxLength: 20,
  })
  .map((steps) => {
    let end = 0;
    return steps.flatMap(([gap, bytes, times]) => {
      const part = { offset: end + (gap > 30 ? 0 : gap), bytes };
      end = part.offset + bytes;
      return Array.from({ length: times }, () => part);
    });
  });

describe('planReads', () => {
  it('joins what touches or overlaps, and leaves gaps', async () => {
    expect(
      await ranges([
        { offset: 0, bytes: 10 },
        { offset: 10, bytes: 5 },
        { offset: 20, bytes: 5 },
      ]),
    ).toEqual([
      [0, 15],
      [20, 25],
    ]);
    expect(
      await ranges([
        { offset: 0, bytes: 10 },
        { offset: 5, bytes: 10 },
      ]),
    ).toEqual([[0, 15]]);
  });

  it('reads gaps too where most of the pack is wanted', async () => {
    expect(
      await ranges(
        [
          { offset: 0, bytes: 10 },
          { offset: 90, bytes: 5 },
        ],
        true,
      ),
    ).toEqual([[0, 95]]);
  });

  it('ends a request where it would grow too long, but never within a slice', async () => {
    const limits = { ...MANY, maxBytes: 12 };
    expect(
      await ranges(
        [
          { offset: 0, bytes: 10 },
          { offset: 10, bytes: 5 },
          { offset: 15, bytes: 50 },
        ],
        true,
        limits,
      ),
    ).toEqual([
      [0, 10],
      [10, 15],
      [15, 65],
    ]);
  });

  it('puts together what is wanted of one slice', async () => {
    const [read] = await plan([
      { offset: 3, bytes: 4 },
      { offset: 3, bytes: 4 },
      { offset: 7, bytes: 1 },
    ]);
    expect(read?.slices.map(({ offset, items }) => [offset, items.length])).toEqual([
      [3, 2],
      [7, 1],
    ]);
  });

  it('holds no more items of a request than it may', async () => {
    const same = Array.from({ length: 25 }, () => ({ offset: 0, bytes: 1 }));
    const reads = await plan(same, false, { ...MANY, maxItems: 10 });
    expect(reads.map(({ slices }) => slices[0]?.items.length)).toEqual([10, 10, 5]);
  });

  it('hands on every item once and in order, within the bytes of its request', async () => {
    await fc.assert(
      fc.asyncProperty(anyParts, fc.boolean(), fc.integer({ min: 1, max: 100 }), async (parts, through, maxBytes) => {
        const reads = await plan(parts, through, { maxBytes, maxItems: 5 });
        expect(reads.flatMap(({ slices }) => slices.flatMap(({ items }) => items))).toEqual(parts);
        for (const { start, end, slices } of reads) {
          expect(Math.min(...slices.map(({ offset }) => offset))).toBe(start);
          expect(Math.max(...slices.map(({ offset, bytes }) => offset + bytes))).toBe(end);
          if (slices.length > 1) expect(end - start).toBeLessThanOrEqual(maxBytes);
        }
      }),
    );
  });
});

describe('NeededBytes', () => {
  it('counts each byte once', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const needed = new NeededBytes();
        for (const part of parts) needed.add(part);
        const bytes = new Set(
          parts.flatMap(({ offset, bytes: count }) => Array.from({ length: count }, (_, at) => offset + at)),
        );
        expect(needed.bytes).toBe(bytes.size);
      }),
    );
  });

  it('says from more than half of a pack on that it is worth reading all of it', () => {
    const needed = new NeededBytes();
    needed.add({ offset: 10, bytes: 50 });
    expect([needed.readsThrough(99), needed.readsThrough(100)]).toEqual([true, false]);
  });
});
