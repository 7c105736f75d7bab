import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, HOUR_MS, Series } from './prune-fixture.ts';

describe('abandoned claims', () => {
  it('are cleaned up with data and uploads, once they are old', async () => {
    const series = new Series();
    const ids = await series.commit(2);
    const killed = await series.killed(3);
    ids.push(await series.committed(4));
    const upload = { size: 10, partSize: 10 };
    await series.store.openUpload(series.keys.file(killed, 'large'), upload);
    await series.store.openUpload(series.keys.file(ids[1] ?? '', 'other'), upload);
    expect(await series.prune({ keepLast: 5 })).toMatchObject({ abandoned: [], deletedObjects: 0 });

    series.nowMs += 7 * DAY_MS + 1;
    const store = new ObservedStore(series.store);
    const outcome = await series.prune({ keepLast: 5 }, { store });
    expect(outcome).toMatchObject({ abandoned: [killed], removed: [], deletedObjects: 2, deletedBytes: 5 });
    expect(store.operations).toEqual([
      'list',
      'get',
      'list',
      'listUploads',
      'abortUpload',
      'list',
      'delete 1',
      'delete 1',
    ]);
    expect(await series.visible()).toEqual(series.keysOf(ids).sort());
    const uploads = await Array.fromAsync(series.store.listUploads(''));
    expect(uploads.map(({ key }) => key)).toEqual([series.keys.file(ids[1] ?? '', 'other')]);
  });

  it('stay without their data above the newest version, so that no number is taken twice, and go with the next', async () => {
    const series = new Series();
    const ids = await series.commit(2);
    const killed = await series.killed(3);
    const claim = series.keys.claim({ number: 3 });
    series.nowMs += 8 * DAY_MS;
    expect((await series.prune({ keepLast: 5 })).abandoned).toEqual([killed]);
    expect(await series.visible()).toEqual([...series.keysOf(ids), claim].sort());
    expect(await series.prune({ keepLast: 5 })).toMatchObject({ abandoned: [], deletedObjects: 0 });

    ids.push(await series.committed(4));
    expect((await series.prune({ keepLast: 5 })).abandoned).toEqual([killed]);
    expect(await series.visible()).toEqual(series.keysOf(ids).sort());
  });

  it('are not all that leaves uploads: with one listing, those of versions that are there go once they are old', async () => {
    const series = new Series();
    const [id = ''] = await series.commit(1);
    const upload = { size: 10, partSize: 10 };
    const old = series.keys.file(id, 'old');
    await series.store.openUpload(old, upload);
    await series.store.openUpload(objectKey('backups/dist2/data/other'), upload);
    series.nowMs += 7 * DAY_MS + 1;
    await series.store.openUpload(series.keys.file(id, 'young'), upload);
    const open = async () => (await Array.fromAsync(series.store.listUploads(''))).map(({ key }) => key.slice(8));
    const young = open().then((keys) => keys.filter((key) => !old.endsWith(key)));

    await series.prune({ keepLast: 5 });
    expect(await open()).toHaveLength(3);
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 5 }, { store, sweepsUploads: true });
    expect(store.operations).toEqual(['list', 'listUploads', 'abortUpload', 'listPrefixes']);
    expect(await open()).toEqual(await young);
    expect(await series.visible()).toEqual(series.keysOf([id]).sort());
  });

  it('of the run that prunes are never touched', async () => {
    const series = new Series();
    const own = await series.killed(1);
    series.nowMs += 30 * DAY_MS;
    const outcome = await series.prune({ keepLast: 1 }, { ownClaim: series.keys.claim({ number: 1 }) });
    expect(outcome.abandoned).toEqual([]);
    expect(await series.visible(series.keys.dataPrefix(own))).toHaveLength(1);
  });

  it('are left alone when their run has committed after all', async () => {
    const series = new Series();
    const slow = await series.killed(1);
    series.nowMs += 30 * DAY_MS;
    const store = new ObservedStore(series.store, {
      // After the catalogue was read, before the record is looked for.
      before: ({ operation }) => {
        if (operation === 'get') void series.store.put(series.keys.record(slow), Buffer.from('record'));
      },
    });
    expect((await series.prune({ keepLast: 1 }, { store })).abandoned).toEqual([]);
    expect(await series.visible(series.keys.dataPrefix(slow))).toHaveLength(1);
  });

  it('that make no sense are left alone with a warning, and so is what they name', async () => {
    const series = new Series();
    await series.commit(1);
    const nonsense = series.keys.claim({ number: 6 });
    await series.store.put(nonsense, Buffer.from('not JSON'));
    series.nowMs += 30 * DAY_MS;
    const live = await series.killed(9);
    series.nowMs -= 20 * DAY_MS;
    const claims = [
      nonsense,
      await series.claim(7, live),
      await series.claim(8, 'dist2_full_20261101T010000Z_000008'),
      await series.claim(10, '../../dist2'),
    ];
    series.nowMs += 20 * DAY_MS;
    const before = await series.visible();
    const outcome = await series.prune({ keepLast: 1 });
    expect(outcome).toMatchObject({ abandoned: [], deletedObjects: 0 });
    expect(outcome.warnings.map(({ kind, subject }) => `${kind} ${subject}`).sort()).toEqual(
      claims.map((key) => `unreadable-claim ${key}`).sort(),
    );
    expect(await series.visible()).toEqual(before);
  });

  it('are cleaned up on a store that cannot list uploads', async () => {
    const series = new Series();
    const killed = await series.killed(1);
    series.nowMs += 30 * DAY_MS;
    const store = failingAt(series, 'NotImplemented');
    expect(await series.prune({ keepLast: 1 }, { store })).toMatchObject({ abandoned: [killed] });
  });

  it('stay, to be found again, where uploads may not be listed', async () => {
    const series = new Series();
    await series.killed(1);
    const before = await series.visible();
    series.nowMs += 30 * DAY_MS;
    const outcome = await series.prune({ keepLast: 1 }, { store: failingAt(series, 'AccessDenied') });
    expect(outcome).toMatchObject({ abandoned: [], failure: 'AccessDenied at listUploads.' });
    expect(await series.visible()).toEqual(before);
  });

  it('of one version are all taken together', async () => {
    const series = new Series({ conditionalWrites: 'ignored' });
    const killed = await series.killed(1, { nonce: 'aaa' });
    series.nowMs -= HOUR_MS;
    expect(await series.killed(1, { nonce: 'bbb' })).toBe(killed);
    series.nowMs += 30 * DAY_MS;
    expect((await series.prune({ keepLast: 1 })).abandoned).toEqual([killed]);
    expect(await series.visible()).toEqual([]);
  });
});

function failingAt(series: Series, code: string): ObservedStore {
  return new ObservedStore(series.store, {
    before: ({ operation }) => {
      if (operation === 'listUploads') throw new BackupError(`${code} at listUploads.`, { class: 'permanent', code });
    },
  });
}
