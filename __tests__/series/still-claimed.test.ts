import { describe, expect, it } from '@jest/globals';
import { CLAIM_TRUSTED_MS, checkStillClaimed } from '../../src/series/still-claimed.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';
import { failure } from './series-fixture.ts';

async function check(ageMs: number, { isGone = false, abandonedAfterMs = DAY_MS } = {}) {
  const series = new Series();
  await series.killed(1);
  const key = series.keys.claim({ number: 1 });
  if (isGone) await series.store.delete([{ key }]);
  const store = new ObservedStore(series.store);
  const time = new Date(series.nowMs - ageMs);
  return { operations: store.operations, done: checkStillClaimed(store, { key, time }, abandonedAfterMs), store };
}

const lost = failure('lost-race', /longer than `abandoned-after`/, { hint: expect.any(String) });

describe('checkStillClaimed', () => {
  it('believes a young claim without a request', async () => {
    const { done, store } = await check(CLAIM_TRUSTED_MS - 1, { isGone: true });
    await done;
    expect(store.operations).toEqual([]);
  });

  it('looks for an older one', async () => {
    const { done, store } = await check(CLAIM_TRUSTED_MS);
    await done;
    expect(store.operations).toEqual(['list']);
    await expect((await check(CLAIM_TRUSTED_MS, { isGone: true })).done).rejects.toEqual(lost);
  });

  it('does not trust one past the age, though it is there', async () => {
    await expect((await check(DAY_MS)).done).rejects.toEqual(lost);
    await (await check(DAY_MS, { abandonedAfterMs: 2 * DAY_MS })).done;
  });
});
