import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeEntry } from '../../src/series/entry-line.ts';
import { writeIndex } from '../../src/series/index-file.ts';
import { openVersion } from '../../src/series/open-version.ts';
import { encodeRecord } from '../../src/series/record.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { asyncOf, failure, fileEntry, ID, KEYS, RECORD, TIME } from './series-fixture.ts';

const ENTRIES = [fileEntry('a'), fileEntry('b')];

let directory: string;
let store: MemoryStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'open-version-'));
  store = new MemoryStore({ clock: () => TIME });
  const index = await writeIndex(store, KEYS, ID, asyncOf(ENTRIES.map(encodeEntry)), {});
  await store.put(KEYS.record(ID), encodeRecord({ ...RECORD, index }));
});
afterEach(() => rm(directory, { recursive: true }));

describe('openVersion', () => {
  it('reads record and entries, and leaves nothing behind', async () => {
    const { record, index } = await openVersion(store, KEYS, ID, directory);
    expect(record).toMatchObject({ id: ID, number: 42 });
    expect(await Array.fromAsync(index.entries())).toEqual(ENTRIES);
    await index.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not read a record that is known', async () => {
    const { record, index } = await openVersion(store, KEYS, ID, directory);
    const observed = new ObservedStore(store);
    const again = await openVersion(observed, KEYS, ID, directory, record);
    expect(observed.requests.map(({ keys }) => keys)).toEqual([[KEYS.index(ID)]]);
    await Promise.all([index.close(), again.index.close()]);
  });

  it('fails for a version that is damaged', async () => {
    await store.put(KEYS.index(ID), Buffer.from('x'));
    await expect(openVersion(store, KEYS, ID, directory)).rejects.toEqual(
      failure('permanent', /^The index ".*" is not the one its record speaks of\.$/),
    );
  });
});
