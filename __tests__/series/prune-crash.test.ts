import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keptVersions } from '../../src/retention/plan.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { Killed, mortal } from '../store/observed-store.ts';
import { DAY_MS, Series } from './prune-fixture.ts';

interface Case {
  readonly versions: number;
  readonly killedRuns: readonly number[];
  readonly nonces: boolean;
  readonly keepLast: number;
  readonly pins: readonly number[];
  readonly versioning: 'off' | 'enabled' | 'suspended';
  readonly pruneNoncurrent: boolean;
  /** Of the runs before the prune. */
  readonly ageDays: number;
}

describe('a prune that is killed', () => {
  const anyCase: fc.Arbitrary<Case> = fc.record({
    versions: fc.integer({ min: 1, max: 6 }),
    killedRuns: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
    nonces: fc.boolean(),
    keepLast: fc.integer({ min: 1, max: 4 }),
    pins: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
    versioning: fc.constantFrom('off' as const, 'enabled' as const, 'suspended' as const),
    pruneNoncurrent: fc.boolean(),
    ageDays: fc.constantFrom(0, 8),
  });

  /** A series as the case says; numbers of killed runs are those no version has. */
  async function build({ versions, killedRuns, nonces, versioning, ageDays }: Case) {
    const series = new Series({ versioning, conditionalWrites: nonces ? 'ignored' : 'enforced' });
    const foreign = await series.foreign();
    for (let number = 1; number <= versions; number += 1) {
      const options = nonces ? { nonce: `a${number}` } : {};
      if (killedRuns.includes(number)) await series.killed(number, options);
      else await series.committed(number, options);
    }
    const ids = (await listVersions(series.store, series.keys)).map(({ id }) => id);
    series.nowMs += ageDays * DAY_MS;
    const perVersion = await Promise.all(ids.map(async (id) => [id, await ownKeys(series, id)] as const));
    return { series, foreign, keysById: new Map(perVersion) };
  }

  /** Of killed runs above the newest version, so that nobody takes them again. */
  function numbersToKeep({ versions, killedRuns }: Case): number[] {
    const all = Array.from({ length: versions }, (_, index) => index + 1);
    const newest = Math.max(0, ...all.filter((number) => !killedRuns.includes(number)));
    return all.filter((number) => number > newest);
  }

  async function ownKeys(series: Series, id: string): Promise<string[]> {
    const number = series.keys.parseRecord(series.keys.record(id))?.number;
    const claims = (await series.visible(series.keys.claimsPrefix)).filter(
      (key) => series.keys.parseClaim(key)?.number === number,
    );
    return [series.keys.record(id), ...claims, ...(await series.visible(series.keys.dataPrefix(id)))];
  }

  it('at any request leaves every visible version whole, and the next one leaves nothing over', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.boolean(), async (one, halfDone) => {
        const policy = { keepLast: one.keepLast };
        const options = { pins: one.pins.map((number) => ({ number })), pruneNoncurrent: one.pruneNoncurrent };
        for (let last = 1, isKilled = true; isKilled; last += 1) {
          const { series, foreign, keysById } = await build(one);
          const plan = await series.plan(policy, options.pins);
          const kept = keptVersions(plan).map(({ id }) => id);
          const store = mortal(series.store, last, halfDone);
          isKilled = await series.prune(policy, { ...options, store }).then(
            () => false,
            (error: unknown) => error instanceof Killed,
          );
          const visible = new Set(await series.visible());
          const stillThere = (await listVersions(series.store, series.keys)).map(({ id }) => id);
          expect(stillThere).toEqual(expect.arrayContaining(kept));
          const missing = stillThere.flatMap((id) => keysById.get(id) ?? [id]).filter((key) => !visible.has(key));
          expect(missing).toEqual([]);

          series.nowMs += 8 * DAY_MS;
          await series.prune(policy, options);
          const numbers = one.nonces ? [] : numbersToKeep(one);
          const claims = numbers.map((number) => series.keys.claim({ number }));
          const expected = [...kept.flatMap((id) => keysById.get(id) ?? []), ...claims, ...foreign].sort();
          expect(await series.visible()).toEqual(expected);
          if (one.pruneNoncurrent) expect(await series.everything()).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('prune ∘ prune = prune', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const { series } = await build(one);
        const options = { pins: one.pins.map((number) => ({ number })), pruneNoncurrent: one.pruneNoncurrent };
        await series.prune({ keepLast: one.keepLast }, options);
        const before = await series.everything();
        const again = await series.prune({ keepLast: one.keepLast }, options);
        expect(again).toMatchObject({ removed: [], abandoned: [], deletedObjects: 0 });
        expect(await series.everything()).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
