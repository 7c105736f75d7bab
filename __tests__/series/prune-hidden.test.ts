import { describe, expect, it } from '@jest/globals';
import { refusing } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

const ERASE = { pruneNoncurrent: true };

/** A series of three versions of which the first was hidden by a prune, some days ago. */
async function withHidden(days: number): Promise<{ series: Series; hidden: string; foreign: readonly string[] }> {
  const series = new Series({ versioning: 'enabled' });
  const foreign = await series.foreign();
  const [hidden = ''] = await series.commit(3);
  await series.prune({ keepLast: 2 });
  series.nowMs += days * DAY_MS;
  return { series, hidden, foreign };
}

const tracesOf = async (series: Series, id: string) =>
  (await series.everything()).filter((key) => key.includes(id) || key.includes('claims/000001.json'));

describe('what an earlier prune hid', () => {
  it('is erased with prune-noncurrent, and nothing else', async () => {
    const { series, hidden, foreign } = await withHidden(8);
    const visible = await series.visible();
    const outcome = await series.prune({ keepLast: 2 }, ERASE);
    // Data, index, record and claim.
    expect(outcome).toMatchObject({ erased: [hidden], removed: [], deletedObjects: 4, warnings: [] });
    expect(await tracesOf(series, hidden)).toEqual([]);
    expect(await series.visible()).toEqual(visible);
    expect(await series.everything()).toEqual(visible);
    expect(visible).toEqual(expect.arrayContaining([...foreign]));
    expect(await series.prune({ keepLast: 2 }, ERASE)).not.toHaveProperty('erased');
  });

  it('stays without prune-noncurrent', async () => {
    const { series, hidden } = await withHidden(30);
    const before = await series.everything();
    expect(await series.prune({ keepLast: 2 })).not.toHaveProperty('erased');
    expect(await series.everything()).toEqual(before);
    expect(before.filter((key) => key.includes(hidden))).toHaveLength(6);
  });

  it('stays for a week, so that it can be brought back', async () => {
    const { series, hidden } = await withHidden(6);
    const before = await series.everything();
    expect(await series.prune({ keepLast: 2 }, ERASE)).not.toHaveProperty('erased');
    expect(await series.everything()).toEqual(before);
    series.nowMs += 2 * DAY_MS;
    expect((await series.prune({ keepLast: 2 }, ERASE)).erased).toEqual([hidden]);
  });

  it('goes also where it was a killed run', async () => {
    const series = new Series({ versioning: 'enabled' });
    await series.commit(1);
    const killed = await series.killed(2);
    await series.committed(3);
    series.nowMs += 8 * DAY_MS;
    expect((await series.prune({ keepLast: 9 })).abandoned).toEqual([killed]);
    series.nowMs += 8 * DAY_MS;
    expect((await series.prune({ keepLast: 9 }, ERASE)).erased).toEqual([killed]);
    expect((await series.everything()).filter((key) => /marker|claims.000002/.test(key))).toEqual([]);
  });

  it('stays where somebody hid the record alone, for it can be brought back', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [first = ''] = await series.commit(2);
    const record = series.keys.record(first);
    await series.store.delete([{ key: record }]);
    await series.store.delete([{ key: series.keys.claim({ number: 1 }) }]);
    series.nowMs += 30 * DAY_MS;
    await series.prune({ keepLast: 9 }, ERASE);
    expect((await series.everything()).filter((key) => key.startsWith(record))).toEqual([`${record} (marker)`, record]);
    expect(await series.visible(series.keys.dataPrefix(first))).toHaveLength(2);
  });

  it('stays while a live run may lean on it', async () => {
    const { series, hidden } = await withHidden(8);
    await series.claim(4, 'dist_incremental_20261109T000000Z_000004', undefined, [hidden]);
    expect(await series.prune({ keepLast: 2 }, ERASE)).not.toHaveProperty('erased');
    expect((await tracesOf(series, hidden)).length).toBeGreaterThan(0);
  });

  it('stays while it is locked, which is a warning and no failure', async () => {
    const { series, hidden } = await withHidden(8);
    const message = 'Access Denied because object protected by object lock.';
    const isData = (key: string) => key.startsWith(series.keys.dataPrefix(hidden));
    const store = refusing(series.store, ({ key }) => (isData(key) ? 'AccessDenied' : undefined), message);
    const outcome = await series.prune({ keepLast: 2 }, { ...ERASE, store });
    expect(outcome).not.toHaveProperty('erased');
    expect(outcome).not.toHaveProperty('failure');
    expect(outcome.warnings).toEqual([expect.objectContaining({ kind: 'leftovers-locked', subject: hidden })]);
    // By its record it can be found still.
    expect((await tracesOf(series, hidden)).filter((key) => key.startsWith(series.keys.record(hidden)))).toHaveLength(
      2,
    );
  });
});
