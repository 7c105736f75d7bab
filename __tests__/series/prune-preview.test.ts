import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { doomedVersions } from '../../src/retention/plan.ts';
import type { RetentionPolicy } from '../../src/retention/types.ts';
import { previewPrune } from '../../src/series/prune.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

async function preview(
  series: Series,
  store = new ObservedStore(series.store),
  policy: RetentionPolicy = { keepLast: 5 },
) {
  const plan = await series.plan(policy);
  const look = { store, keys: series.keys, plan, readClaim: claimReader(store), temporaryDirectory: tmpdir() };
  return previewPrune(look, doomedVersions(plan));
}

describe('previewPrune', () => {
  it('names the killed run that a prune would clean up after, and changes nothing', async () => {
    const series = new Series();
    await series.commit(2);
    const killed = await series.killed(3);
    expect(await preview(series)).toEqual({ leftovers: [], objects: 0, bytes: 0 });

    series.nowMs += 7 * DAY_MS + 1;
    const before = await series.visible();
    const store = new ObservedStore(series.store);
    const claims = [series.keys.claim({ number: 3 })];
    expect(await preview(series, store)).toEqual({
      leftovers: [{ id: killed, claims, kind: 'abandoned', isPartlyNeeded: false }],
      objects: 1,
      bytes: 5,
    });
    expect(store.operations).toEqual(['list', 'get', 'list']);
    expect(await series.visible()).toEqual(before);
    expect((await series.prune({ keepLast: 5 })).abandoned).toEqual([killed]);
  });

  it('leaves out what a run that is still at work leans on', async () => {
    const series = new Series();
    const killed = await series.killed(1);
    series.nowMs += 8 * DAY_MS;
    await series.claim(2, 'dist_full_20261109T000000Z_000002', undefined, [killed]);
    expect(await preview(series)).toEqual({ leftovers: [], objects: 0, bytes: 0 });
  });

  it('does not count what a version that stays needs, and says what the prune then does', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b', 'c'] });
    await series.leaning(2, { a: undefined, b: first });
    const planned = await preview(series, undefined, { keepLast: 1 });
    expect(planned).toMatchObject({ leftovers: [{ id: first, kind: 'removed', isPartlyNeeded: true }], objects: 3 });
    const { deletedObjects } = await series.prune({ keepLast: 1 });
    expect(deletedObjects).toBe(planned.objects + 1);
  });
});
