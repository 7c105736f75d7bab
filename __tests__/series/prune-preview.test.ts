import { describe, expect, it } from '@jest/globals';
import { previewAbandoned } from '../../src/series/prune.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

async function preview(series: Series, store = new ObservedStore(series.store)) {
  const plan = await series.plan({ keepLast: 5 });
  return previewAbandoned({ store, keys: series.keys, plan, readClaim: claimReader(store) });
}

describe('previewAbandoned', () => {
  it('names what a prune would clean up, and changes nothing', async () => {
    const series = new Series();
    await series.commit(2);
    const killed = await series.killed(3);
    expect(await preview(series)).toEqual(new Map());

    series.nowMs += 7 * DAY_MS + 1;
    const before = await series.visible();
    const store = new ObservedStore(series.store);
    expect(await preview(series, store)).toEqual(new Map([[killed, [series.keys.claim({ number: 3 })]]]));
    expect(store.operations).toEqual(['list', 'get']);
    expect(await series.visible()).toEqual(before);
    expect((await series.prune({ keepLast: 5 })).abandoned).toEqual([killed]);
  });

  it('leaves out what a run that is still at work leans on', async () => {
    const series = new Series();
    const killed = await series.killed(1);
    series.nowMs += 8 * DAY_MS;
    await series.claim(2, 'dist_full_20261109T000000Z_000002', undefined, [killed]);
    expect(await preview(series)).toEqual(new Map());
  });
});
