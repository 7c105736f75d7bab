import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../../../src/store/object-key.ts';
import { MAX_BATCH_KEYS } from '../../../src/store/s3/delete.ts';
import { failure, keysIn } from '../../series/series-fixture.ts';
import { fill, openBench, warned } from './bench.ts';

describe('S3Store: deletes', () => {
  const keyErrors = (code: string, keys: RegExp | string) => ({
    match: { operation: 'DeleteObjects' },
    action: { type: 'keyErrors' as const, keys, code },
  });

  it('asks again for the keys that the store could not delete this time, and for no others', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('InternalError', 'b'));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([]);
    expect(await keysIn(bench.store)).toEqual([]);
    expect(bench.server.faults.unfired()).toEqual([]);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 2 });
  });

  it('tells of the keys that may not be deleted, without asking again', async () => {
    await using bench = await openBench({ isAmazon: true });
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', 'b'));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([
      { target: { key: 'b' }, code: 'AccessDenied', message: expect.stringContaining('AccessDenied') },
    ]);
    expect(await keysIn(bench.store)).toEqual(['b']);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1 });
    expect(warned(bench)).toEqual([]);
  });

  it('repeats the one and tells of the other where a batch has both', async () => {
    await using bench = await openBench({ isAmazon: true });
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', 'a'));
    bench.server.faults.add(keyErrors('SlowDown', 'c'));
    const failures = await bench.store.delete(keys.map((key) => ({ key })));
    expect(failures.map(({ target, code }) => [target.key, code])).toEqual([['a', 'AccessDenied']]);
    expect(await keysIn(bench.store)).toEqual(['a']);
  });

  it.each(['missingContentMd5', 'notImplemented'] as const)(
    'deletes one by one, with one warning, where batches are refused: %s',
    async (bulkDelete) => {
      await using bench = await openBench({ personality: { bulkDelete } });
      const [a, b, c] = (await fill(bench.store, 'a', 'b', 'c')).map((key) => ({ key }));
      if (a === undefined || b === undefined || c === undefined) throw new Error('three keys were put');
      expect(await bench.store.delete([a, b])).toEqual([]);
      expect(await bench.store.delete([c])).toEqual([]);
      expect(await keysIn(bench.store)).toEqual([]);
      expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1, DeleteObject: 3 });
      expect(warned(bench)).toEqual(['store-without-batch-delete']);
    },
  );

  it('deletes one by one where the keys of a batch are denied and single ones are not', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b', 'c');
    bench.server.faults.add(keyErrors('AccessDenied', /./));
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([]);
    expect(await keysIn(bench.store)).toEqual([]);
    expect(warned(bench)).toEqual(['store-without-batch-delete']);
  });

  it('keeps batches, and tells of the keys, where single ones are denied as well', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b');
    bench.server.faults.add(keyErrors('AccessDenied', /./));
    bench.server.faults.add({
      match: { operation: 'DeleteObject' },
      times: keys.length,
      action: { type: 'error', status: 403, code: 'AccessDenied' },
    });
    const failures = await bench.store.delete(keys.map((key) => ({ key })));
    expect(failures.map(({ target, code }) => [target.key, code])).toEqual([
      ['a', 'AccessDenied'],
      ['b', 'AccessDenied'],
    ]);
    expect(bench.server.requests.counts()).toMatchObject({ DeleteObjects: 1, DeleteObject: 1 });
    expect(warned(bench)).toEqual([]);
  });

  it('asks again, for every word of it, where the reply says nothing', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a', 'b');
    // What it would have said is that `b` is still there.
    bench.server.faults.add(keyErrors('InternalError', 'b'));
    bench.server.faults.add({ match: { operation: 'DeleteObjects' }, action: { type: 'truncate', afterBytes: 0 } });
    expect(await bench.store.delete(keys.map((key) => ({ key })))).toEqual([]);
    expect(await keysIn(bench.store)).toEqual([]);
    expect(bench.server.faults.unfired()).toEqual([]);
    const [quiet = 0, verbose = 0] = bench.server.requests.all
      .filter(({ operation }) => operation === 'DeleteObjects')
      .map(({ bytesReceived }) => bytesReceived);
    expect(verbose - quiet).toBe('false'.length - 'true'.length);
  });

  it('takes no key for deleted of which no reply says anything', async () => {
    await using bench = await openBench();
    const keys = await fill(bench.store, 'a');
    bench.server.faults.add({
      match: { operation: 'DeleteObjects' },
      action: { type: 'truncate', afterBytes: 0 },
      times: Number.POSITIVE_INFINITY,
    });
    await expect(bench.store.delete(keys.map((key) => ({ key })))).rejects.toEqual(
      failure('transient', /DeleteObjects.*says nothing/, { operation: 'DeleteObjects', key: 'a' }),
    );
  });

  it('sends no more keys at once than S3 takes', async () => {
    await using bench = await openBench();
    const targets = Array.from({ length: MAX_BATCH_KEYS + 1 }, (_, index) => ({ key: objectKey(`k${index}`) }));
    expect(await bench.store.delete(targets)).toEqual([]);
    expect(bench.server.requests.counts()).toEqual({ DeleteObjects: 2 });
  });
});
