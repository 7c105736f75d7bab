import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeKey, spoolByPack } from '../../src/pack/pack-spools.ts';
import { asyncOf } from '../series/series-fixture.ts';

interface Item {
  readonly pack: string;
  readonly part: { readonly offset: number; readonly bytes: number };
  readonly name: string;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pack-spools-'));
});
afterEach(() => rm(directory, { recursive: true }));

const item = (pack: string, offset: number, name: string): Item => ({ pack, part: { offset, bytes: 10 }, name });
const spool = (items: AsyncIterable<Item>) => spoolByPack(items, ({ pack, part }) => ({ pack, part }), directory);

describe('spoolByPack', () => {
  it('keeps a list of each pack, to be read as often as needed', async () => {
    const items = [item('p1', 0, 'line\nbreak'), item('p1', 0, 'b'), item('p1', 20, 'c'), item('p2', 5, 'd')];
    const packs = await spool(asyncOf(items));
    expect(packs.map(({ key, needed }) => [key, needed.bytes])).toEqual([
      ['p1', 20],
      ['p2', 10],
    ]);
    for (const _ of [1, 2]) {
      const read = await Promise.all(packs.map((pack) => Array.fromAsync(pack.items())));
      expect(read.flat()).toEqual(items);
    }
    await Promise.all(packs.map((pack) => pack.remove()));
    expect(await readdir(directory)).toEqual([]);
  });

  it('has nothing of nothing', async () => {
    expect(await spool(asyncOf([]))).toEqual([]);
  });

  it('leaves no file behind where its items fail', async () => {
    async function* failing() {
      yield item('p1', 0, 'a');
      yield item('p2', 0, 'b');
      throw new Error('no more');
    }
    await expect(spool(failing())).rejects.toThrow('no more');
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('placeKey', () => {
  it('sorts as text as places do as numbers', () => {
    const anyPlace = fc.tuple(fc.maxSafeNat(), fc.maxSafeNat());
    fc.assert(
      fc.property(anyPlace, anyPlace, ([offset, skip], [otherOffset, otherSkip]) => {
        const [one, other] = [
          placeKey({ offset, bytes: 1 }, skip),
          placeKey({ offset: otherOffset, bytes: 1 }, otherSkip),
        ];
        const isBefore = offset < otherOffset || (offset === otherOffset && skip < otherSkip);
        expect(one < other).toBe(isBefore);
      }),
    );
  });
});
