import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { isOfSeries, prunedBases, readLineage } from '../../src/series/prune-lineage.ts';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';
import { failure, ID } from './series-fixture.ts';

async function lineageOf({ store, keys }: Series, observed = new ObservedStore(store)) {
  const tally = new PruneTally();
  const versions = await listVersions(store, keys);
  const lineage = await readLineage(observed, keys, versions, tally);
  return { lineage, versions, warnings: tally.warnings, asked: observed.requests.map((request) => request.keys[0]) };
}

describe('readLineage', () => {
  it('reads the records of incremental versions, and of no others', async () => {
    const series = new Series();
    const first = await series.committed(1);
    const second = await series.leaning(2, { a: first });
    const third = await series.leaning(3, { b: undefined });
    const { lineage, asked, warnings } = await lineageOf(series);
    expect([...lineage.leanings.values()].map(({ id, leansOn }) => [id, leansOn]).sort()).toEqual([
      [second, [first]],
      [third, []],
    ]);
    expect(asked.toSorted()).toEqual([series.keys.record(second), series.keys.record(third)]);
    expect([lineage.unreadable.size, warnings]).toEqual([0, []]);
  });

  it('knows of a record that makes no sense that its version may need anything', async () => {
    const series = new Series();
    const second = await series.committed(2, { type: 'incremental' });
    const { lineage, warnings } = await lineageOf(series);
    expect([...lineage.unreadable]).toEqual([second]);
    expect(warnings).toEqual([
      expect.objectContaining({ kind: 'unreadable-leaning-version', subject: series.keys.record(second) }),
    ]);
  });

  it('passes over a record that is gone meanwhile, and fails where the store does', async () => {
    const series = new Series();
    const second = await series.leaning(2, { a: undefined });
    const gone = new ObservedStore(series.store, {
      before: () => void series.store.delete([{ key: series.keys.record(second) }]),
    });
    const { lineage } = await lineageOf(series, gone);
    expect([lineage.leanings.size, lineage.unreadable.size]).toEqual([0, 0]);

    await series.leaning(3, { a: undefined });
    const denied = new BackupError('Access denied', { class: 'permanent', httpStatus: 403 });
    const refusing = new ObservedStore(series.store, {
      before: () => {
        throw denied;
      },
    });
    await expect(lineageOf(series, refusing)).rejects.toEqual(failure('permanent', 'Access denied'));
  });
});

describe('prunedBases', () => {
  it('are those that are leaned on and have no record', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(2);
    await series.leaning(3, { a: first, b: second });
    await series.store.delete([{ key: series.keys.record(first) }]);
    const { lineage, versions } = await lineageOf(series);
    expect([...prunedBases(lineage, versions)]).toEqual([first]);
  });
});

describe('isOfSeries', () => {
  it('knows its own IDs from those of others, and from what is none', () => {
    const { keys } = new Series();
    expect([ID, 'other_full_20261122T080910Z_000042', '../../x', ''].map((id) => isOfSeries(id, keys))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
