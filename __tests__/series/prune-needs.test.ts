import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteOrder } from '../../src/byte-order.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { SeriesKeys } from '../../src/series/keys.ts';
import { readLineage } from '../../src/series/prune-lineage.ts';
import { NeededCursor, Needs } from '../../src/series/prune-needs.ts';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';
import { asyncOf } from './series-fixture.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'needs-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** What those that stay need of `candidates`. */
async function needsOf(series: Series, candidates: readonly string[], stay: readonly string[]) {
  const { keys } = series;
  const tally = new PruneTally();
  const lineage = await readLineage(series.store, keys, await listVersions(series.store, keys), tally);
  const store = new ObservedStore(series.store);
  const ports = { store, keys, temporaryDirectory: directory, tally };
  const needs = await Needs.read(new Set(candidates), new Set(stay), lineage, ports);
  return { needs, warnings: tally.warnings, asked: store.requests.map((request) => request.keys[0]) };
}

/** Which of the keys that are listed below a prefix are needed. */
async function neededOf({ store, keys }: Series, needs: Needs, id: string): Promise<string[]> {
  const cursor = needs.cursor();
  const needed: string[] = [];
  for await (const { key } of store.list(keys.dataPrefix(id))) if (await cursor.has(key)) needed.push(key);
  await cursor.close();
  return needed;
}

async function threeVersions() {
  const series = new Series();
  const first = await series.committed(1, { files: ['a', 'b', 'ü', '🦊'] });
  const second = await series.leaning(2, { a: first, b: first });
  const third = await series.leaning(3, { a: first, '🦊': first, c: undefined });
  return { series, first, second, third };
}

describe('Needs', () => {
  it('are the objects that those who stay refer to, one by one', async () => {
    const { series, first, second, third } = await threeVersions();
    const { needs, asked } = await needsOf(series, [first, second], [third]);
    expect([needs.partly, [...needs.whole]]).toEqual([[first], []]);
    expect(await neededOf(series, needs, first)).toEqual([series.keys.file(first, 'a'), series.keys.file(first, '🦊')]);
    // Its own index is enough: who goes has no say.
    expect(asked).toEqual([series.keys.index(third)]);
    await needs.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('ask for no index where nothing of what is leaned on may go', async () => {
    const { series, first, second, third } = await threeVersions();
    const { needs, asked } = await needsOf(series, [second], [first, third]);
    expect([needs.partly, asked]).toEqual([[], []]);
    await needs.close();
  });

  it('are all objects of a base where an index cannot be read', async () => {
    const { series, first, third } = await threeVersions();
    await series.store.put(series.keys.index(third), Buffer.from('damaged'));
    const { needs, warnings } = await needsOf(series, [first], [third]);
    expect([needs.partly, [...needs.whole]]).toEqual([[], [first]]);
    expect(warnings).toEqual([expect.objectContaining({ kind: 'unreadable-leaning-version' })]);
    await needs.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('are all objects of all bases where a record that stays cannot be read', async () => {
    const { series, first, second, third } = await threeVersions();
    await series.store.put(series.keys.record(third), Buffer.from('damaged'));
    const stays = await needsOf(series, [first, second], [third]);
    expect([...stays.needs.whole].sort()).toEqual([first, second].sort());
    const goes = await needsOf(series, [first], [second]);
    expect([...goes.needs.whole]).toEqual([]);
    for (const { needs } of [stays, goes]) await needs.close();
  });
});

describe('NeededCursor', () => {
  it('tells whether a key is needed beside a listing, whatever the keys', async () => {
    const keys = new SeriesKeys({ prefix: 'p', series: 'dist' });
    const anyKeys = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(anyKeys, anyKeys, async (needed, others) => {
        const sorted = (some: readonly string[]) =>
          some
            .map(byteOrder)
            .sort()
            .map((key) => ({ key }));
        const cursor = new NeededCursor(asyncOf(sorted(needed)), keys);
        const listed = [...new Set([...needed, ...others])].sort((a, b) => (byteOrder(a) < byteOrder(b) ? -1 : 1));
        for (const key of listed) expect(await cursor.has(`${keys.base}${key}`)).toBe(needed.includes(key));
      }),
    );
  });
});
