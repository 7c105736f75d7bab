import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { Calendar, type Span } from '../../src/retention/calendar.ts';
import { allowedRemovals, type MaxDelete, stopReason } from '../../src/retention/guards.ts';
import { doomedVersions, keptVersions, planRetention, withHolds } from '../../src/retention/plan.ts';
import type { Reference, RetentionPlan, RetentionPolicy, VersionFacts } from '../../src/retention/types.ts';
import { listVersions } from '../../src/series/catalogue.ts';
import { SeriesKeys } from '../../src/series/keys.ts';
import { objectKey } from '../../src/store/object-key.ts';
import { versionAt } from './versions.ts';

const CASES = { numRuns: 10_000 };
/** For what follows from the others. */
const FEWER_CASES = { numRuns: 1_000 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 1);
const NOW = new Date(START + 400 * DAY_MS);

/** Of all lengths at which something happens: equal seconds, hours, days, weeks, months, years. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((hours) => START + hours * HOUR_MS),
  fc.integer({ min: 0, max: 400 * 24 * 4 }).map((quarters) => START + (quarters * HOUR_MS) / 4),
  fc.integer({ min: -3000, max: 399 }).map((days) => START + days * DAY_MS),
);
const anyTags = fc.constantFrom({}, { release: 'true' }, { release: 'false' }, undefined);
/** Numbers repeat now and then, and times do not always follow them. */
const anyVersions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), anyTime, anyTags), { maxLength: 8 })
  .chain((facts) => fc.boolean().map((isSorted) => (isSorted ? inOrder(facts) : facts)))
  .map((facts) => distinct(facts.map(([number, time, tags]) => versionAt(number, new Date(time), tags))));
const anyCount = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
const anySpan: fc.Arbitrary<Span> = fc
  .tuple(fc.nat(2), fc.nat(14), fc.nat(40), fc.nat(30))
  .map(([years, months, days, hours]) => ({ years, months, days, hours, text: 'some time' }));
const anyRules = fc
  .record({
    keepLast: anyCount,
    keepHourly: anyCount,
    keepDaily: anyCount,
    keepWeekly: anyCount,
    keepMonthly: anyCount,
    keepYearly: anyCount,
    keepWithin: fc.option(anySpan, { nil: undefined }),
    maxAge: fc.option(anySpan, { nil: undefined, freq: 2 }),
  })
  .map(given);
const anyPins = fc.array(
  fc.integer({ min: 1, max: 30 }).map((number) => ({ number })),
  { maxLength: 3 },
);
const anyZone = fc.constantFrom('UTC', 'UTC', 'UTC', 'Europe/Berlin', 'Australia/Lord_Howe');
const anyCase = fc.record({
  versions: anyVersions,
  policy: anyRules,
  wantsTag: fc.boolean(),
  pins: anyPins,
  timezone: anyZone,
});
const anyMaxDelete: fc.Arbitrary<MaxDelete> = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ kind: 'percent' as const, percent })),
  fc.integer({ min: 1, max: 12 }).map((count) => ({ kind: 'versions' as const, count })),
);
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

function inOrder<T extends readonly [number, number, ...unknown[]]>(facts: readonly T[]): T[] {
  const times = facts.map(([, time]) => time).sort((a, b) => a - b);
  return facts.toSorted(([a], [b]) => a - b).map((fact, index) => fact.with(1, times[index] ?? 0) as unknown as T);
}

/** A key is there once. */
function distinct(versions: readonly VersionFacts[]): VersionFacts[] {
  return [...new Map(versions.map((version) => [version.id, version])).values()];
}

function given(policy: { [K in keyof RetentionPolicy]: RetentionPolicy[K] | undefined }): RetentionPolicy {
  return Object.fromEntries(Object.entries(policy).filter(([, rule]) => rule !== undefined));
}

/** With the tag rule where some version has the tag: without one it is refused. */
function policyOf({ versions, policy, wantsTag }: Case): RetentionPolicy {
  const isThere = versions.some(({ tags }) => tags?.release === 'true');
  return wantsTag && isThere ? { ...policy, keepTags: [{ key: 'release', value: 'true' }] } : policy;
}

function plan(one: Case, change: Partial<Case> & { readonly now?: Date } = {}): RetentionPlan {
  const reference: Reference = { now: change.now ?? NOW, timezone: one.timezone };
  const all = { ...one, ...change };
  return planRetention(all.versions, policyOf({ ...all, versions: one.versions }), all.pins, reference);
}

const ids = (versions: readonly VersionFacts[]) => versions.map(({ id }) => id);
const kept = (of: RetentionPlan) => ids(keptVersions(of));
const isSubset = (part: readonly string[], whole: readonly string[]) => {
  const all = new Set(whole);
  return part.every((id) => all.has(id));
};

function holds(check: (one: Case) => boolean | undefined, cases = CASES): void {
  fc.assert(
    fc.property(anyCase, (one) => check(one) !== false),
    cases,
  );
}

describe('properties of planRetention', () => {
  it('keep and remove are a partition, and every decision has its reasons', () =>
    holds((one) => {
      const planned = plan(one);
      const both = [...kept(planned), ...ids(doomedVersions(planned))].sort();
      const isPartition = JSON.stringify(both) === JSON.stringify(ids(one.versions).sort());
      return isPartition && planned.decisions.every(({ reasons }) => reasons.length > 0 && !reasons.includes(''));
    }));

  it('keeping more never deletes more', () => {
    const anyGrowth = fc.record({ counts: fc.nat(3), span: fc.nat(3), rules: anyRules });
    fc.assert(
      fc.property(anyCase, anyGrowth, (one, growth) => {
        const { maxAge, ...rules } = one.policy;
        // A limit alone keeps everything that is younger: the first rule beside it is none that keeps more.
        const isLimitOnly = Object.keys(rules).length === 0 && !one.wantsTag;
        const more = isLimitOnly ? {} : { ...added(growth.rules, rules), ...larger(rules, growth) };
        const longer = maxAge && { maxAge: { ...maxAge, days: maxAge.days + growth.span } };
        return isSubset(kept(plan(one)), kept(plan(one, { policy: { ...more, ...longer } })));
      }),
      CASES,
    );
  });

  it('the order of its input does not matter', () => {
    const shuffled = anyCase.chain((one) =>
      fc.tuple(fc.constant(one), fc.shuffledSubarray(one.versions, { minLength: one.versions.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, versions]) => JSON.stringify(plan(one, { versions })) === JSON.stringify(plan(one))),
      CASES,
    );
  });

  it('prune ∘ prune = prune', () =>
    holds((one) => {
      const versions = keptVersions(plan(one));
      return kept(plan(one, { versions })).length === versions.length;
    }));

  it('pinned, newest and held versions survive', () =>
    holds((one) => {
      const held = new Map(one.versions.filter(({ number }) => number % 7 === 0).map(({ id }) => [id, 'legal hold']));
      const planned = withHolds(plan(one), held);
      const pinned = one.versions.filter(({ number }) => one.pins.some((pin) => pin.number === number));
      const newest = planned.decisions.slice(0, 1).map(({ version }) => version.id);
      return isSubset([...ids(pinned), ...newest, ...held.keys()], kept(planned));
    }));

  it('no rule keeps more than it counts, and all that was tagged stays', () =>
    holds((one) => {
      const {
        keepLast = 0,
        keepHourly = 0,
        keepDaily = 0,
        keepWeekly = 0,
        keepMonthly = 0,
        keepYearly = 0,
      } = one.policy;
      const counted = keepLast + keepHourly + keepDaily + keepWeekly + keepMonthly + keepYearly;
      if (counted === 0 || one.policy.keepWithin !== undefined || one.wantsTag) return undefined;
      const pinned = one.versions.filter(({ number }) => one.pins.some((pin) => pin.number === number)).length;
      return kept(plan(one)).length <= counted + pinned + 1;
    }, FEWER_CASES));

  it('adding an older version never deletes a newer one', () =>
    holds((one) => {
      if (one.versions.length === 0) return undefined;
      const older = versionAt(0, new Date(START - 5000 * DAY_MS), {});
      const before = kept(plan(one));
      return isSubset(before, kept(plan(one, { versions: [...one.versions, older] })));
    }, FEWER_CASES));
});

function added(rules: RetentionPolicy, to: RetentionPolicy): RetentionPolicy {
  const { maxAge: _, ...more } = rules;
  return { ...more, ...to };
}

function larger(rules: RetentionPolicy, { counts, span: days }: { readonly counts: number; readonly span: number }) {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      typeof rule === 'number' ? rule + counts : { ...(rule as Span), days: (rule as Span).days + days },
    ]),
  );
}

describe('properties of the guards', () => {
  it('a plan that passes removes no more than is allowed, and one removal is always allowed', () => {
    fc.assert(
      fc.property(anyCase, anyMaxDelete, (one, maxDelete) => {
        const planned = plan(one);
        const doomed = doomedVersions(planned).length;
        const passes = stopReason(planned, maxDelete, NOW) === undefined;
        return passes === doomed <= Math.max(1, allowedRemovals(maxDelete, one.versions.length));
      }),
      CASES,
    );
  });
});

describe('incomplete versions', () => {
  const keys = new SeriesKeys({ prefix: 'backups', series: 'dist' });

  it('never count: claims and data of runs that are at work or were killed change no plan', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, anyVersions, async (one, incomplete) => {
        const stored = one.versions.map(({ id }) => keys.record(id));
        const left = incomplete.flatMap(({ id, number }) => [
          keys.claim({ number }),
          keys.index(id),
          keys.file(id, `versions/${id}.json`),
          objectKey(`${keys.versionsPrefix}${id}.json.tmp`),
        ]);
        const list = async function* (prefix: string) {
          for (const key of [...left, ...stored]) {
            if (key.startsWith(prefix)) yield { key, size: 1, lastModified: NOW, etag: '' };
          }
        };
        const versions = await listVersions({ list }, keys);
        const withoutTags = { ...one, wantsTag: false };
        return kept(plan(withoutTags, { versions })).join() === kept(plan(withoutTags)).join();
      }),
      CASES,
    );
  });
});

describe("a wrong clock of the runner's", () => {
  const SHIFTS = [-10 * 365 * DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS];

  it('deletes just what a right one does: the clock that counts is set by the store', () => {
    const anyUptime = fc.integer({ min: 0, max: 10 * DAY_MS });
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...SHIFTS), anyUptime, (one, shift, uptime) => {
        let runnerMs = NOW.getTime() + shift;
        const clock = new StoreClock(() => runnerMs);
        clock.observe(NOW.toUTCString());
        runnerMs += uptime;
        const right = plan(one, { now: new Date(NOW.getTime() + uptime) });
        return ids(doomedVersions(plan(one, { now: clock.now() }))).join() === ids(doomedVersions(right)).join();
      }),
      CASES,
    );
  });

  it('that made it into the store, too, stops the prune or deletes no more, but for `max-age` coming early by as much', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...SHIFTS), anyMaxDelete, (one, shift, maxDelete) => {
        const now = new Date(NOW.getTime() + shift);
        const wrong = plan(one, { now });
        if (stopReason(wrong, maxDelete, now) !== undefined) return true;
        const right = new Set(ids(doomedVersions(plan(one))));
        const more = doomedVersions(wrong).filter(({ id }) => !right.has(id));
        const { maxAge } = one.policy;
        const limit = maxAge && shift > 0 ? new Calendar(one.timezone).before(now, maxAge) : new Date(0);
        return more.every(({ time }) => time < limit);
      }),
      CASES,
    );
  });
});
