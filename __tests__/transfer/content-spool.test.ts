import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentLocation } from '../../src/series/model.ts';
import { ContentSpool } from '../../src/transfer/content-spool.ts';
import { failure } from '../series/series-fixture.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'contents-'));
});
afterEach(() => rm(directory, { recursive: true }));

const sha256 = (number: number) => number.toString(16).padStart(8, '0').repeat(8);
const content = (number: number, size = 5) => ({ sha256: sha256(number), size });

describe('ContentSpool', () => {
  it('finds all forms of locations, those that are on disk by then too', async () => {
    const spool = await ContentSpool.create(directory, 10);
    const places: ContentLocation[] = [
      { key: 'plain', receipt: { md5: 'a'.repeat(32) } },
      { key: 'compressed', stored: { encoding: 'zstd', bytes: 3, sha256: sha256(9) } },
      { key: 'packed', slice: { offset: 1, bytes: 2, skip: 3, member: 'ü\n"' } },
    ];
    for (const [index, place] of places.entries()) await spool.add(content(index), place);
    const find = () => Promise.all(places.map((_, index) => spool.find(content(index))));
    expect(await find()).toEqual(places);
    // More than is collected before it is written.
    for (let number = 10; number < 3010; number++)
      await spool.add(content(number), { key: `data/${'x'.repeat(100)}/${number}` });
    expect(await find()).toEqual(places);
    expect(await spool.find(content(2900))).toEqual({ key: `data/${'x'.repeat(100)}/2900` });
    await spool.remove();
    expect(await readdir(directory)).toEqual([]);
  });

  it('finds the first of equal ones, and none of another size or digest', async () => {
    const spool = await ContentSpool.create(directory, 1);
    await spool.add(content(1), { key: 'first' });
    await spool.add(content(1), { key: 'second' });
    expect(await spool.find(content(1))).toEqual({ key: 'first' });
    expect(await spool.find(content(1, 6))).toBeUndefined();
    // The table keeps 32 bits of a digest.
    const alike = { sha256: `${sha256(1).slice(0, 8)}${'f'.repeat(56)}`, size: 5 };
    expect(await spool.find(alike)).toBeUndefined();
    await spool.add(alike, { key: 'alike' });
    expect(await spool.find(alike)).toEqual({ key: 'alike' });
    await spool.remove();
  });

  it('reads a line that is longer than most', async () => {
    const spool = await ContentSpool.create(directory, 1);
    const long = { key: 'packed', slice: { offset: 0, bytes: 1, skip: 0, member: 'm'.repeat(300_000) } };
    await spool.add(content(1), { key: 'first' });
    await spool.add(content(2), long);
    expect(await spool.find(content(2))).toEqual(long);
    await spool.remove();
  });

  it('says what to do where its file cannot be made', async () => {
    await expect(ContentSpool.create(join(directory, 'missing'), 1)).rejects.toEqual(
      failure('local', /temporary file .* cannot be created/, { code: 'ENOENT', hint: expect.any(String) }),
    );
  });
});
