import { describe, expect, it } from '@jest/globals';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

const ERASE = { pruneNoncurrent: true };
const SWEEP = { ...ERASE, sweepsUploads: true };
const KEEP_ALL = { keepLast: 9 };

/** Two versions, old enough for their claims to look like those of killed runs, in a versioned bucket. */
async function twoVersions() {
  const series = new Series({ versioning: 'enabled' });
  const [first = '', second = ''] = await series.commit(2);
  series.nowMs += 30 * DAY_MS;
  return { series, first, second };
}

/** As a mistake or a thief with `s3:DeleteObject` does it. */
async function hide(series: Series, ...keys: readonly ReturnType<Series['keys']['record']>[]): Promise<void> {
  await series.store.delete(keys.map((key) => ({ key })));
  series.nowMs += DAY_MS;
}

/** By which somebody brings a record back. */
async function bringBack(series: Series, id: string): Promise<void> {
  const key = series.keys.record(id);
  for await (const { isDeleteMarker, versionId } of series.store.listVersions(key)) {
    if (isDeleteMarker) await series.store.delete([{ key, versionId }]);
  }
}

const aboutRecordOf = (series: Series, id: string) =>
  expect.objectContaining({ kind: 'hidden-record', subject: expect.stringContaining(series.keys.record(id)) });

describe('a record that somebody hid', () => {
  it('keeps its version for a week, claim and data, and the warning says how it comes back', async () => {
    const { series, first } = await twoVersions();
    await hide(series, series.keys.record(first));
    const before = await series.everything();
    const outcome = await series.prune(KEEP_ALL, ERASE);
    expect(outcome).toMatchObject({ abandoned: [], deletedObjects: 0 });
    expect(await series.everything()).toEqual(before);
    const [marker] = await Array.fromAsync(series.store.listVersions(series.keys.record(first)));
    const subject = `${series.keys.record(first)}, hidden on 2026-12-01T02:00:00.000Z by ${marker?.versionId}`;
    expect(outcome.warnings).toEqual([{ kind: 'hidden-record', subject, message: expect.any(String) }]);
    await bringBack(series, first);
    expect(await series.prune(KEEP_ALL, ERASE)).toMatchObject({ abandoned: [], deletedObjects: 0, warnings: [] });
  });

  it('keeps it also where the claim was hidden with it, from a prune that looks for data of nobody', async () => {
    const { series, first } = await twoVersions();
    await hide(series, series.keys.record(first), series.keys.claim({ number: 1 }));
    const before = await series.everything();
    const { warnings, ...outcome } = await series.prune(KEEP_ALL, SWEEP);
    expect(outcome).toMatchObject({ abandoned: [], deletedObjects: 0 });
    expect(warnings).toEqual([aboutRecordOf(series, first)]);
    expect(await series.everything()).toEqual(before);
  });

  it('keeps all of a base, not only what newer versions need of it', async () => {
    const series = new Series({ versioning: 'enabled' });
    const base = await series.committed(1, { files: ['a', 'b'] });
    await series.leaning(2, { a: base });
    series.nowMs += 30 * DAY_MS;
    await hide(series, series.keys.record(base));
    const before = await series.everything();
    const { warnings } = await series.prune(KEEP_ALL, ERASE);
    expect(warnings).toEqual([aboutRecordOf(series, base)]);
    expect(await series.everything()).toEqual(before);
  });

  it.each(['shown', 'hidden'] as const)('keeps what its version leans on, with its claim %s', async (claim) => {
    const series = new Series({ versioning: 'enabled' });
    const base = await series.committed(1, { files: ['a', 'b'] });
    const leaning = await series.leaning(2, { a: base });
    await series.committed(3);
    await series.committed(4);
    series.nowMs += 30 * DAY_MS;
    await hide(series, series.keys.record(leaning));
    if (claim === 'hidden') await hide(series, series.keys.claim({ number: 2 }));
    expect(await series.prune({ keepLast: 2 }, SWEEP)).toMatchObject({ removed: [base] });
    const needed = [series.keys.file(base, 'a')];
    expect(await series.everything(series.keys.dataPrefix(base))).toEqual(needed);
    expect(await series.prune({ keepLast: 2 }, SWEEP)).toMatchObject({ deletedObjects: 0 });
    expect(await series.everything(series.keys.dataPrefix(base))).toEqual(needed);

    series.nowMs += 8 * DAY_MS;
    await series.prune({ keepLast: 2 }, SWEEP);
    const left = (await series.everything()).filter((key) => key.includes(base) || key.includes(leaning));
    expect(left).toEqual([]);
  });
});

describe('a version whose prune was interrupted', () => {
  it('is erased a week after its record was hidden, and all traces with it', async () => {
    const { series, first, second } = await twoVersions();
    await hide(series, series.keys.record(first), series.keys.index(first));
    // What is left tells of a prune, not of a mistake: nothing to warn of.
    expect(await series.prune(KEEP_ALL, ERASE)).toMatchObject({ abandoned: [], deletedObjects: 0, warnings: [] });
    series.nowMs += 7 * DAY_MS;
    expect(await series.prune(KEEP_ALL, ERASE)).toMatchObject({ abandoned: [first], warnings: [] });
    expect(await series.everything()).toEqual(series.keysOf([second]).sort());
  });

  it('is erased at once where the record was erased', async () => {
    const { series, first, second } = await twoVersions();
    const key = series.keys.record(first);
    const [record] = await Array.fromAsync(series.store.listVersions(key));
    await series.store.delete([{ key, versionId: record?.versionId ?? '' }]);
    // A marker over nothing hides nothing.
    await series.store.delete([{ key }]);
    expect(await series.prune(KEEP_ALL, ERASE)).toMatchObject({ abandoned: [first], warnings: [] });
    expect((await series.everything()).filter((listed) => listed.includes('data/'))).toEqual([
      series.keys.file(second, 'a.txt'),
      series.keys.index(second),
    ]);
  });
});

describe('the record of a version of which data has to stay', () => {
  it('stays as well, though it has been hidden for long', async () => {
    const { series, first } = await twoVersions();
    await hide(series, series.keys.record(first));
    series.nowMs += 30 * DAY_MS;
    await series.claim(3, 'dist_incremental_20261231T000000Z_000003', undefined, [first]);
    const before = await series.everything();
    await series.prune(KEEP_ALL, ERASE);
    expect(await series.everything()).toEqual(before);
  });
});

it('an unversioned bucket is asked for no versions', async () => {
  const series = new Series();
  await series.commit(3);
  const store = new ObservedStore(series.store);
  await series.prune({ keepLast: 2 }, { ...SWEEP, store });
  expect(store.operations.filter((operation) => operation.includes('ersion'))).toEqual([]);
});
