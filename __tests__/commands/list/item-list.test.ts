import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ItemList } from '../../../src/commands/list/item-list.ts';
import { OUTPUT_LIMIT_BYTES } from '../../../src/report/list/outputs.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'item-list-'));
  await mkdir(join(directory, 'run'));
});
afterEach(() => rm(directory, { recursive: true }));

const ports = () => ({ temporaryDirectory: join(directory, 'run'), lastingDirectory: directory });

async function collect<T>(items: readonly T[]) {
  const { items: list } = await ItemList.collect<T>(ports(), async (target) => {
    for (const item of items) await target.add(item);
  });
  const lines = (await readFile(list.file, 'utf8')).split('\n').slice(0, -1);
  return { ...list, all: lines.map((line) => JSON.parse(line)) };
}

describe('ItemList', () => {
  it('holds all of a short list, in memory and in the file', async () => {
    const items = [{ path: 'a\nb' }, { path: 'ü' }];
    expect(await collect(items)).toMatchObject({ first: items, count: 2, all: items });
    expect(await collect([])).toMatchObject({ first: [], count: 0, all: [] });
  });

  // Two brackets; two quotes an item, and a comma before all but the first.
  it.each([
    [OUTPUT_LIMIT_BYTES, [OUTPUT_LIMIT_BYTES - 4], 1],
    [OUTPUT_LIMIT_BYTES + 1, [OUTPUT_LIMIT_BYTES - 3], 0],
    [OUTPUT_LIMIT_BYTES, [50_000, OUTPUT_LIMIT_BYTES - 50_007], 2],
    [OUTPUT_LIMIT_BYTES + 1, [50_000, OUTPUT_LIMIT_BYTES - 50_006], 1],
  ])('of a JSON array of %d bytes with texts of %j bytes keeps the first %d', async (bytes, lengths, kept) => {
    const items = lengths.map((length) => 'x'.repeat(length));
    expect(Buffer.byteLength(JSON.stringify(items))).toBe(bytes);
    const { first, count, all } = await collect(items);
    expect(first).toEqual(items.slice(0, kept));
    expect({ count, all }).toEqual({ count: items.length, all: items });
  });

  it('counts bytes and not characters', async () => {
    expect((await collect(['ü'.repeat(OUTPUT_LIMIT_BYTES / 2)])).first).toEqual([]);
  });

  it('takes none of what comes after the first that did not fit', async () => {
    expect((await collect(['a', 'x'.repeat(OUTPUT_LIMIT_BYTES), 'b'])).first).toEqual(['a']);
  });

  it('leaves no file behind when the list cannot be made', async () => {
    const failing = ItemList.collect<string>(ports(), async (list) => {
      await list.add('a');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await readdir(directory, { recursive: true })).toEqual(['run']);
  });
});
