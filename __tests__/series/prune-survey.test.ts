import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { doomedVersions } from '../../src/retention/plan.ts';
import { encodeClaim } from '../../src/series/claim.ts';
import { claimReader } from '../../src/series/prune-claims.ts';
import { PruneTally } from '../../src/series/prune-outcome.ts';
import { survey, versionsOf } from '../../src/series/prune-survey.ts';
import { formatVersionId } from '../../src/series/version-id.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';
import { RUN } from './series-fixture.ts';

/** As a preview looks around: with the versions that a policy would remove. */
async function look(series: Series, keepLast: number, ownClaim?: string) {
  const store = new ObservedStore(series.store);
  const plan = await series.plan({ keepLast });
  const removed = doomedVersions(plan);
  const { keys } = series;
  const found = await survey(
    {
      store,
      keys,
      plan,
      readClaim: claimReader(store),
      temporaryDirectory: tmpdir(),
      tally: new PruneTally(),
      ...(ownClaim !== undefined && { ownClaim: keys.claim({ number: Number(ownClaim) }) }),
    },
    removed,
  );
  await found.needs.close();
  const leftovers = found.leftovers.map(({ id, claims, kind }) => [id, claims, kind]);
  return { ...found, leftovers, operations: store.operations, versions: versionsOf(plan) };
}

describe('survey', () => {
  it('finds what is left of versions that are to go, with their claims', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(3);
    const { leftovers } = await look(series, 1);
    expect(leftovers.toSorted()).toEqual(
      [first, second].map((id, at) => [id, [series.keys.claim({ number: at + 1 })], 'removed']),
    );
  });

  it('needs one listing where nothing is left over', async () => {
    const series = new Series();
    await series.commit(2);
    await series.leaning(3, { a: undefined });
    const { leftovers, operations } = await look(series, 3);
    expect([leftovers, operations]).toEqual([[], ['list']]);
  });

  it('tells killed runs from those at work by their age, and leaves its own claim alone', async () => {
    const series = new Series();
    const killed = await series.killed(1);
    await series.committed(2);
    series.nowMs += 8 * DAY_MS;
    const own = await series.killed(3);
    const { leftovers, claims, isNeeded } = await look(series, 1, '3');
    expect(leftovers).toEqual([[killed, [series.keys.claim({ number: 1 })], 'abandoned']]);
    expect(claims.map(({ number }) => number)).toEqual([1, 2]);
    expect(isNeeded(own)).toBe(false);
  });

  it('leaves alone what a run at work leans on', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(3);
    const id = formatVersionId({ series: 'dist', type: 'incremental', time: new Date(series.nowMs), number: 4 });
    await series.claim(4, id, undefined, [first]);
    const { leftovers, isNeeded } = await look(series, 1);
    expect(leftovers.map(([left]) => left)).toEqual([second]);
    expect([isNeeded(first), isNeeded(second)]).toEqual([true, false]);
  });

  it('leaves alone the data of a version that a later attempt at it may still commit, and what that leans on', async () => {
    const series = new Series();
    const [first = '', second = ''] = await series.commit(3);
    const { number, turn } = { number: 2, turn: 2 };
    const claim = { id: second, number, nonce: 'b', run: RUN, leansOn: [first] };
    await series.store.put(series.keys.claim({ number, turn }), encodeClaim(claim));
    const { leftovers, isNeeded } = await look(series, 1);
    expect(leftovers).toEqual([]);
    expect([isNeeded(first), isNeeded(second)]).toEqual([true, true]);

    series.nowMs += 8 * DAY_MS;
    const later = await look(series, 1);
    expect(later.leftovers.map(([left]) => left).toSorted()).toEqual([first, second]);
  });

  it('finds again what was pruned and is leaned on, whatever the age of its claim', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b'] });
    await series.leaning(2, { a: first });
    await series.store.delete([{ key: series.keys.record(first) }]);
    series.nowMs += 30 * DAY_MS;
    const { leftovers, needs, isNeeded } = await look(series, 1);
    expect(leftovers).toEqual([[first, [series.keys.claim({ number: 1 })], 'base']]);
    expect([needs.partly, isNeeded(first)]).toEqual([[first], true]);
  });

  it('leaves such a base alone while a later attempt at it may still commit it again', async () => {
    const series = new Series();
    const first = await series.committed(1, { files: ['a', 'b'] });
    await series.leaning(2, { a: first });
    await series.store.delete([{ key: series.keys.record(first) }]);
    const claim = { id: first, number: 1, nonce: 'b', run: RUN, leansOn: [] };
    await series.store.put(series.keys.claim({ number: 1, turn: 2 }), encodeClaim(claim));
    const { leftovers, isNeeded } = await look(series, 1);
    expect([leftovers, isNeeded(first)]).toEqual([[], true]);

    series.nowMs += 8 * DAY_MS;
    const later = await look(series, 1);
    expect(later.leftovers.map(([left]) => left)).toEqual([first]);
  });
});
