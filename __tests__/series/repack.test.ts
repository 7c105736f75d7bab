import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PackReference } from '../../src/series/record.ts';
import { packsToRepack, REPACK_BUDGET_BYTES } from '../../src/series/repack.ts';

const MIB = 2 ** 20;

/** @param contentBytes it was written with; undefined as in records that do not say */
function pack(key: string, liveBytes?: number, contentBytes?: number): PackReference {
  return {
    key,
    bytes: 1,
    sha256: '0'.repeat(64),
    ...(liveBytes !== undefined && { liveBytes }),
    ...(contentBytes !== undefined && { contentBytes }),
  };
}

const anyPack = fc
  .tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 }))
  .map(([one, other]) => ({ live: Math.min(one, other), content: Math.max(one, other) }));
const anyPacks = fc
  .array(anyPack, { maxLength: 30 })
  .map((all) => all.map(({ live, content }, index) => pack(String(index), live, content)));

const share = ({ liveBytes = 0, contentBytes = 0 }: PackReference) => liveBytes / contentBytes;

describe('packsToRepack', () => {
  it('takes packs of which less than the share is alive, and leaves one that has just that much', () => {
    const packs = [pack('dead', 29, 100), pack('limit', 30, 100), pack('alive', 100, 100)];
    expect([...packsToRepack(packs, 0.3)]).toEqual(['dead']);
  });

  it('takes none for a share of 0, and all but whole ones for a share of 1', () => {
    const packs = [pack('nearly', 1, 1000), pack('whole', 1000, 1000)];
    expect([...packsToRepack(packs, 0)]).toEqual([]);
    expect([...packsToRepack(packs, 1)]).toEqual(['nearly']);
  });

  it('leaves alone what the record does not tell of, and what holds nothing but links', () => {
    expect([...packsToRepack([pack('untold'), pack('links', 0, 0)], 1)]).toEqual([]);
  });

  it('takes the deadest first, and passes over what the budget does not hold', () => {
    const packs = [pack('third', 20, 100), pack('first', 1, 100), pack('second', 1000, 10_000)];
    expect([...packsToRepack(packs, 0.3, 25)]).toEqual(['first', 'third']);
  });

  it('packs anew no more than 256 MiB in one backup', () => {
    expect(REPACK_BUDGET_BYTES).toBe(256 * MIB);
    const packs = [pack('a', 200 * MIB, 1000 * MIB), pack('b', 56 * MIB, 250 * MIB), pack('c', 1, 4)];
    expect([...packsToRepack(packs, 0.3)]).toEqual(['a', 'b']);
  });

  it('takes the deadest even where it alone is more than the budget: it would be kept for ever', () => {
    expect([...packsToRepack([pack('large', 300, 2000), pack('small', 1, 4)], 0.3, 100)]).toEqual(['large']);
  });

  it('stays below share and, but for a single one, budget, and leaves nothing out that would fit', () => {
    fc.assert(
      fc.property(
        anyPacks,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 5000 }),
        (packs, below, budget) => {
          const chosen = packsToRepack(packs, below, budget);
          const sum = (some: readonly PackReference[]) =>
            some.reduce((total, { liveBytes = 0 }) => total + liveBytes, 0);
          const taken = packs.filter(({ key }) => chosen.has(key));
          const left = packs.filter((one) => !chosen.has(one.key) && share(one) < below);
          const deadest = packs.filter((one) => share(one) < below).toSorted((a, b) => share(a) - share(b))[0];
          if (deadest !== undefined) expect(chosen.has(deadest.key)).toBe(true);
          expect(sum(taken.filter((one) => one !== deadest))).toBeLessThanOrEqual(
            Math.max(0, budget - sum(deadest === undefined ? [] : [deadest])),
          );
          for (const one of taken) expect(share(one)).toBeLessThan(below);
          for (const { liveBytes = 0 } of left) expect(sum(taken) + liveBytes).toBeGreaterThan(budget);
        },
      ),
    );
  });
});
