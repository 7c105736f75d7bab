import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths } from '../../src/series/entry-line.ts';
import { pairByPath } from '../../src/series/pair-by-path.ts';
import { asyncOf } from './series-fixture.ts';

interface Side {
  readonly path: string;
  readonly side: 'left' | 'right';
}

const sorted = (side: Side['side'], paths: readonly string[]): Side[] =>
  paths.toSorted(comparePaths).map((path) => ({ path, side }));

const anyPaths = fc.uniqueArray(
  fc.oneof(fc.constantFrom('a', 'b', 'a/b', 'ü', '🦊', '\uffff'), fc.string({ unit: 'grapheme' })),
);

describe('pairByPath', () => {
  it('pairs what both have, and gives everything once, by the bytes of the path', async () => {
    await fc.assert(
      fc.asyncProperty(anyPaths, anyPaths, async (left, right) => {
        const pairs = await Array.fromAsync(pairByPath(asyncOf(sorted('left', left)), asyncOf(sorted('right', right))));
        const all = [...new Set([...left, ...right])].sort(comparePaths);
        expect(pairs).toEqual(
          all.map((path) => [
            left.includes(path) ? { path, side: 'left' } : undefined,
            right.includes(path) ? { path, side: 'right' } : undefined,
          ]),
        );
      }),
    );
  });

  it('closes both sides where the caller stops, and where one of them fails', async () => {
    const closed: string[] = [];
    async function* side(name: string, fails = false) {
      try {
        yield { path: 'a' };
        if (fails) throw new Error('broken');
        yield { path: 'b' };
      } finally {
        closed.push(name);
      }
    }
    for await (const _ of pairByPath(side('left'), side('right'))) break;
    expect(closed.sort()).toEqual(['left', 'right']);
    closed.length = 0;
    await expect(Array.fromAsync(pairByPath(side('left', true), side('right')))).rejects.toThrow('broken');
    expect(closed.sort()).toEqual(['left', 'right']);
  });
});
