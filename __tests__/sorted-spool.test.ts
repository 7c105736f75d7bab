import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SortedSpool } from '../src/sorted-spool.ts';

interface Item {
  readonly key: string;
  readonly value: number;
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sorted-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function sorted(keys: readonly string[], runCharacters?: number): Promise<Item[]> {
  const spool = new SortedSpool<Item>(directory, runCharacters);
  try {
    for (const [value, key] of keys.entries()) await spool.add({ key, value });
    return await Array.fromAsync(spool.sorted());
  } finally {
    await spool.remove();
  }
}

const byUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b));

describe('SortedSpool', () => {
  it.each([undefined, 1, 100])('sorts any keys and loses none, in runs of %p characters', async (runCharacters) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 40 }), async (keys) => {
        const items = await sorted(keys, runCharacters);
        expect(items.map(({ key }) => key)).toEqual(keys.toSorted(byUnits));
        expect(items.map(({ value }) => value).sort((a, b) => a - b)).toEqual([...keys.keys()]);
        expect(items.every(({ key, value }) => keys[value] === key)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps no more than a run in memory, and nothing on disk that fits into one', async () => {
    const spool = new SortedSpool<Item>(directory, 1000);
    await spool.add({ key: 'a', value: 1 });
    expect(await readdir(directory)).toEqual([]);
    for (let value = 0; value < 200; value++) await spool.add({ key: `k${value}`, value });
    expect((await readdir(directory)).length).toBeGreaterThan(1);
    await spool.remove();
    expect(await readdir(directory)).toEqual([]);
  });

  it('gives its files back when the reader stops half-way', async () => {
    const spool = new SortedSpool<Item>(directory, 1);
    for (const key of ['c', 'a', 'b']) await spool.add({ key, value: 0 });
    for await (const { key } of spool.sorted()) {
      expect(key).toBe('a');
      break;
    }
    await spool.remove();
    expect(await readdir(directory)).toEqual([]);
  });
});
