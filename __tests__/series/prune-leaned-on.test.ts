import { describe, expect, it } from '@jest/globals';
import { formatVersionId } from '../../src/series/version-id.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { ObservedStore, refusing } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

/** A run at work on an incremental version of these. */
async function writerLeaningOn(series: Series, number: number, leansOn: readonly string[]): Promise<void> {
  const id = formatVersionId({ series: 'dist', type: 'incremental', time: new Date(series.nowMs), number });
  await series.claim(number, id, undefined, leansOn);
}

describe('prune beside a writer whose claim leans on a doomed version', () => {
  it('removes the record but keeps data and claim, and takes them once the writer is gone', async () => {
    const series = new Series();
    const [first = '', second = '', third = ''] = await series.commit(3);
    await writerLeaningOn(series, 4, [second]);

    const { removed } = await series.prune({ keepLast: 1 });
    expect(removed).toEqual([second, first]);
    const kept = series.keysOf([second]).filter((key) => key !== series.keys.record(second));
    expect(await series.visible()).toEqual(expect.arrayContaining(kept));
    expect(await series.visible()).not.toEqual(expect.arrayContaining([series.keys.file(first, 'a.txt')]));

    // The writer was killed: what it leaned on is a leftover now. Its claim keeps the number.
    series.nowMs += 8 * DAY_MS;
    await series.prune({ keepLast: 1 });
    expect(await series.visible()).toEqual([...series.keysOf([third]), series.keys.claim({ number: 4 })].sort());
  });

  it('deletes no data while the claim of a run at work cannot be read', async () => {
    const series = new Series();
    const ids = await series.commit(3);
    await series.store.put(series.keys.claim({ number: 4 }), Buffer.from('{"format":2}'));
    const { warnings } = await series.prune({ keepLast: 1 });
    expect(warnings).toEqual([expect.objectContaining({ kind: 'unreadable-live-claim' })]);
    const data = ids.map((id) => series.keys.file(id, 'a.txt'));
    expect(await series.visible()).toEqual(expect.arrayContaining(data));
  });

  it('does not look into claims that have a record', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(2);
    await series.store.put(objectKey(series.keys.claim({ number: 2 })), Buffer.from('not read'));
    await series.prune({ keepLast: 1 });
    expect(await series.visible()).not.toContain(series.keys.file(first, 'a.txt'));
    expect(await series.visible()).toContain(series.keys.file(second, 'a.txt'));
  });
});

describe('prune of versions that others lean on', () => {
  it('keeps the objects that are needed, and the claim by which they are found again; the rest goes', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b', 'ü/c', '🦊'] });
    const second = await series.leaning(2, { a: undefined, b: first, '🦊': first });
    expect(await series.prune({ keepLast: 1 })).toMatchObject({ removed: [first], warnings: [] });
    const { keys } = series;
    expect(await series.visible()).toEqual(
      [
        keys.claim({ number: 1 }),
        keys.claim({ number: 2 }),
        keys.file(first, 'b'),
        keys.file(first, '🦊'),
        keys.file(second, 'a'),
        keys.index(second),
        keys.record(second),
      ].sort(),
    );
    const again = await series.prune({ keepLast: 1 });
    expect(again).toMatchObject({ removed: [], deletedObjects: 0, abandoned: [] });
  });

  it('keeps them also when the claim has come of age', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b'] });
    await series.leaning(2, { b: first });
    await series.prune({ keepLast: 1 });
    const before = await series.visible();
    series.nowMs += 30 * DAY_MS;
    expect(await series.prune({ keepLast: 1 })).toMatchObject({ abandoned: [], deletedObjects: 0 });
    expect(await series.visible()).toEqual(before);
  });

  it('takes what is left of a version, claim and all, with the last one that leaned on it', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b'] });
    const second = await series.leaning(2, { a: first, c: undefined });
    await series.leaning(3, { a: first, c: second });
    const fourth = await series.leaning(4, { d: undefined });
    await series.prune({ keepLast: 2 });
    expect(await series.visible(series.keys.dataPrefix(first))).toEqual([series.keys.file(first, 'a')]);
    await series.prune({ keepLast: 1 });
    const { keys } = series;
    expect(await series.visible()).toEqual(
      [keys.claim({ number: 4 }), keys.file(fourth, 'd'), keys.index(fourth), keys.record(fourth)].sort(),
    );
  });

  it('reads an index only where something of its bases may go', async () => {
    const series = new Series();
    const first = await series.committed(1);
    const second = await series.committed(2, { files: ['b'] });
    await series.leaning(3, { b: second });
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 2 }, { store });
    expect(await series.visible(series.keys.dataPrefix(first))).toEqual([]);
    expect(store.requests.filter(({ operation }) => operation === 'get').map(({ keys }) => keys[0])).toEqual([
      series.keys.record('dist_incremental_20261101T030000Z_000003'),
      series.keys.claim({ number: 1 }),
    ]);
  });

  it.each(['record', 'index'] as const)(
    'deletes nothing of a base where the %s of what leans on it is damaged',
    async (what) => {
      const series = new Series();
      const first = await series.committed(1, { files: ['a', 'b'] });
      const second = await series.leaning(2, { a: first });
      const key = what === 'record' ? series.keys.record(second) : series.keys.index(second);
      await series.store.put(key, Buffer.from('damaged'));
      const outcome = await series.prune({ keepLast: 1 });
      expect(outcome.warnings).toEqual([expect.objectContaining({ kind: 'unreadable-leaning-version', subject: key })]);
      expect(await series.visible(series.keys.dataPrefix(first))).toHaveLength(3);
    },
  );

  it('keeps all of a version whose record could not be deleted, and what that leans on', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a'] });
    const second = await series.leaning(2, { a: first });
    await series.committed(3);
    const record = series.keys.record(second);
    const store = refusing(series.store, ({ key }) => (key === record ? 'InternalError' : undefined));
    await series.prune({ keepLast: 1 }, { store });
    expect(await series.visible()).toEqual(
      expect.arrayContaining([record, series.keys.index(second), series.keys.file(first, 'a')]),
    );
  });

  it('looks for needed keys among all versions of an object', async () => {
    const series = new Series({ versioning: 'enabled' });
    const first = await series.committed(1, { files: ['a', 'b'] });
    await series.store.put(series.keys.file(first, 'a'), Buffer.from('12345'));
    await series.leaning(2, { a: first });
    await series.prune({ keepLast: 1 }, { pruneNoncurrent: true });
    expect(await series.everything(series.keys.dataPrefix(first))).toEqual([
      series.keys.file(first, 'a'),
      series.keys.file(first, 'a'),
    ]);
  });
});
