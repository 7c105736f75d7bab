import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyIndex } from '../../../../dev/s3-server/storage/key-index.ts';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 6 }));

describe('KeyIndex', () => {
  it('lists what was set and not deleted, in the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.nat()), (added, removals) => {
        const index = new KeyIndex<string>();
        for (const key of added) index.set(key, `value of ${key}`);
        const removed = new Set(removals.flatMap((at) => added[at] ?? []));
        for (const key of removed) index.delete(key);
        const expected = added.filter((key) => !removed.has(key)).sort(byBytes);
        expect([...index.entries()]).toEqual(expected.map((key) => [key, `value of ${key}`]));
        expect(index.size).toBe(expected.length);
      }),
    );
  });

  it('begins at or behind a key', () => {
    const index = new KeyIndex<number>();
    for (const key of ['a', 'b', 'd']) index.set(key, key.length);
    expect([...index.entries('b')].map(([key]) => key)).toEqual(['b', 'd']);
    expect([...index.entries('c')].map(([key]) => key)).toEqual(['d']);
    expect([...index.entries('e')]).toEqual([]);
  });

  it('replaces a value without listing its key twice', () => {
    const index = new KeyIndex<number>();
    index.set('a', 1);
    index.set('a', 2);
    expect([...index.entries()]).toEqual([['a', 2]]);
  });
});
