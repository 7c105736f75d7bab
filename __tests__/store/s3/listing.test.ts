import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { failure } from '../../series/series-fixture.ts';
import { BUCKET, fill, openBench } from './bench.ts';

describe('S3Store: listings in pages of two', () => {
  const NAMES = ['a', 'b+c d', 'f/1', 'f/2', 'g/1', 'h/1', 'ä'];

  it('lists every object and every folder, in order', async () => {
    await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
    await fill(bench.store, ...NAMES.map((name) => `p/${name}`).reverse(), 'q/other');
    expect(await Array.fromAsync(bench.store.list('p/'), ({ key, size }) => [key, size])).toEqual(
      NAMES.map((name) => [`p/${name}`, Buffer.byteLength(`p/${name}`)]),
    );
    expect(await Array.fromAsync(bench.store.listPrefixes('p/'))).toEqual(['p/f/', 'p/g/', 'p/h/']);
    expect(bench.server.requests.counts()).toMatchObject({ ListObjectsV2: 4 + 3 });
  });

  it('lists every version and delete marker', async () => {
    await using bench = await openBench({ versioning: true, personality: { maxKeysPerPage: 2 } });
    await fill(bench.store, 'p/a', 'p/a', 'p/a', 'p/b c', 'p/c', 'q/other');
    await bench.store.delete([{ key: objectKey('p/a') }, { key: objectKey('p/c') }]);
    const listed = await Array.fromAsync(bench.store.listVersions('p/'));
    const inside = bench.server.admin.listVersions(BUCKET, 'p/');
    const byId = (versions: readonly { versionId: string }[]) => versions.map(({ versionId }) => versionId).sort();
    expect(byId(listed)).toEqual(byId(inside));
    expect(listed.map(({ key }) => key)).toEqual(['p/a', 'p/a', 'p/a', 'p/a', 'p/b c', 'p/c', 'p/c']);
    const current = listed.filter(({ isLatest }) => isLatest).map(({ key, isDeleteMarker }) => [key, isDeleteMarker]);
    expect(current).toEqual([
      ['p/a', true],
      ['p/b c', false],
      ['p/c', true],
    ]);
  });

  it('lists every open upload, also several of one key', async () => {
    await using bench = await openBench({ personality: { maxKeysPerPage: 2 } });
    const opened: string[] = [];
    for (const name of ['p/a', 'p/a', 'p/a', 'p/b c', 'p/d']) {
      const { uploadId } = await bench.store.openUpload(objectKey(name), { size: 1, partSize: 5_000_000 });
      opened.push(`${name} ${uploadId}`);
    }
    await bench.store.openUpload(objectKey('q/other'), { size: 1, partSize: 5_000_000 });
    const listed = await Array.fromAsync(bench.store.listUploads('p/'), ({ key, uploadId }) => `${key} ${uploadId}`);
    expect([...listed].sort()).toEqual(opened.sort());
  });
});

describe('S3Store: replies without a word', () => {
  const KEY = objectKey('p/a');

  /** What is asked, and how it is asked for. */
  const LISTINGS: readonly [string, (store: ObjectStore) => Promise<unknown[]>][] = [
    ['ListObjectsV2', (store) => Array.fromAsync(store.list('p/'))],
    ['ListObjectsV2', (store) => Array.fromAsync(store.listPrefixes(''))],
    ['ListObjectVersions', (store) => Array.fromAsync(store.listVersions('p/'))],
    ['ListObjectVersions', (store) => Array.fromAsync(store.listVersionPrefixes(''))],
    ['ListMultipartUploads', (store) => Array.fromAsync(store.listUploads('p/'))],
  ];
  const WORDLESS = { when: 'after', action: { type: 'truncate', afterBytes: 0 } } as const;

  it.each(LISTINGS)('asks %s again', async (operation, ask) => {
    await using bench = await openBench({ versioning: true });
    await fill(bench.store, KEY);
    await bench.store.openUpload(KEY, { size: 1, partSize: 5_000_000 });
    const listed = await ask(bench.store);
    expect(listed).toHaveLength(1);
    bench.server.faults.add({ match: { operation }, ...WORDLESS });
    expect(await ask(bench.store)).toEqual(listed);
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(bench.server.requests.counts()[operation]).toBe(3);
  });

  it.each(LISTINGS)('says of %s that never says anything', async (operation, ask) => {
    await using bench = await openBench();
    bench.server.faults.add({ match: { operation }, ...WORDLESS, times: Number.POSITIVE_INFINITY });
    await expect(ask(bench.store)).rejects.toEqual(
      failure('transient', /its reply says nothing \(tried/, { operation, code: 'EmptyReply' }),
    );
  });
});
