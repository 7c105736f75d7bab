import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteOrder } from '../../src/byte-order.ts';
import { joinListing } from '../../src/verification/join-listing.ts';
import type { ExpectedObject } from '../../src/verification/references.ts';
import { asyncOf, failure } from '../series/series-fixture.ts';

const sha256 = '0'.repeat(64);

function expected(keys: readonly string[]): ExpectedObject[] {
  const objects = keys.map((key) => ({
    key,
    order: byteOrder(key),
    size: 1,
    sha256,
    entries: [],
    amount: { files: 0, bytes: 0 },
    form: { kind: 'plain' as const },
    isRepeated: false,
  }));
  return objects.sort((a, b) => (a.order < b.order ? -1 : 1));
}

function listed(keys: readonly string[]) {
  return keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map((key) => ({ key, size: 1 }));
}

async function join(left: readonly string[], right: readonly string[]) {
  const joined = await Array.fromAsync(joinListing(asyncOf(expected(left)), asyncOf(listed(right))));
  return joined.map(({ expected: wanted, found }) => [wanted?.key, found?.key]);
}

describe('joinListing', () => {
  it('tells what is there, what is missing and what is too much', async () => {
    expect(await join(['a', 'c', 'd'], ['b', 'c', 'e'])).toEqual([
      ['a', undefined],
      [undefined, 'b'],
      ['c', 'c'],
      ['d', undefined],
      [undefined, 'e'],
    ]);
  });

  it('finds an object as often as it is asked for', async () => {
    expect(await join(['a', 'a', 'b', 'b'], ['a'])).toEqual([
      ['a', 'a'],
      ['a', 'a'],
      ['b', undefined],
      ['b', undefined],
    ]);
  });

  it('is right for any two lists', () => {
    const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }));
    return fc.assert(
      fc.asyncProperty(fc.array(keys), keys, keys, async (repeats, left, right) => {
        const wanted = [...left, ...repeats.flat().filter((key) => left.includes(key))];
        const joined = await join(wanted, right);
        expect(
          joined
            .filter(([key]) => key !== undefined)
            .map(([key]) => key)
            .sort(),
        ).toEqual(wanted.sort());
        for (const [key, found] of joined) {
          if (key !== undefined) expect(found).toBe(right.includes(key) ? key : undefined);
        }
        const extra = joined.filter(([key]) => key === undefined).map(([, found]) => found);
        expect(extra.sort()).toEqual(right.filter((key) => !left.includes(key)).sort());
      }),
    );
  });

  it('refuses a listing in another order, and ends it', async () => {
    let isEnded = false;
    async function* unordered() {
      try {
        yield* [
          { key: 'b', size: 1 },
          { key: 'a', size: 1 },
        ];
      } finally {
        isEnded = true;
      }
    }
    const joined = Array.fromAsync(joinListing(asyncOf(expected(['c'])), unordered()));
    await expect(joined).rejects.toEqual(failure('permanent', /not in the order of keys/, { key: 'a' }));
    expect(isEnded).toBe(true);
  });
});
