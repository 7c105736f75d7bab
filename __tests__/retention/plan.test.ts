import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../src/errors.ts';
import { doomedVersions, keptVersions, planRetention } from '../../src/retention/plan.ts';
import type { Pin, Reference, RetentionPolicy, VersionFacts } from '../../src/retention/types.ts';
import { formatVersionId } from '../../src/series/version-id.ts';

const CASES = { numRuns: 1_000 };
const START = Date.UTC(2026, 0, 1);
const AT: Reference = { now: new Date(START + 3_600_000), timezone: 'UTC' };

function version(number: number, seconds = number): VersionFacts {
  const parts = { series: 'dist', type: 'full', time: new Date(START + seconds * 1000), number } as const;
  return { id: formatVersionId(parts), number, type: parts.type, time: parts.time };
}

const numbers = (versions: readonly VersionFacts[]) => versions.map(({ number }) => number);
const ids = (versions: readonly VersionFacts[]) => versions.map(({ id }) => id);
const reasons = (versions: readonly VersionFacts[], policy: RetentionPolicy, pins: readonly Pin[] = []) =>
  planRetention(versions, policy, pins, AT).decisions.map((decision) => decision.reasons.join(', '));

/** Numbers repeat now and then, and times do not follow the numbers. */
const anyVersions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 100 })), { maxLength: 40 })
  .map((pairs) => pairs.map(([number, seconds]) => version(number, seconds)));
const anyPins = fc.array(
  fc.integer({ min: 1, max: 30 }).map((number) => ({ number })),
  { maxLength: 4 },
);
const anyKeepLast = fc.integer({ min: 1, max: 45 });

describe('planRetention', () => {
  it('keeps the last N and says why for each version, newest first', () => {
    const plan = planRetention([version(2), version(4), version(1), version(3)], { keepLast: 2 }, [], AT);
    expect(plan.decisions).toEqual([
      { version: version(4), keep: true, reasons: ['last 1 of 2', 'newest version'] },
      { version: version(3), keep: true, reasons: ['last 2 of 2'] },
      { version: version(2), keep: false, reasons: ['beyond the last 2'] },
      { version: version(1), keep: false, reasons: ['beyond the last 2'] },
    ]);
  });

  it('keeps pinned versions without counting them less', () => {
    const versions = [version(1), version(2), version(3), version(4)];
    expect(reasons(versions, { keepLast: 2 }, [{ number: 1 }, { number: 3 }, { number: 99 }])).toEqual([
      'last 1 of 2, newest version',
      'last 2 of 2, pinned',
      'beyond the last 2',
      'pinned',
    ]);
  });

  it('keeps everything without a rule', () => {
    expect(reasons([version(1), version(2)], {})).toEqual(['no retention rule, newest version', 'no retention rule']);
  });

  it('has nothing to decide about an empty series', () => {
    expect(planRetention([], { keepLast: 1 }, [{ number: 1 }], AT).decisions).toEqual([]);
  });

  it('follows the numbers where times go backwards', () => {
    const plan = planRetention([version(1, 300), version(2, 200), version(3, 100)], { keepLast: 1 }, [], AT);
    expect(numbers(keptVersions(plan))).toEqual([3]);
  });

  it('takes the later claim for the newer one where two versions have one number', () => {
    const [earlier, later] = [version(7, 10), version(7, 20)];
    const plan = planRetention([earlier, later, version(6)], { keepLast: 1 }, [], AT);
    expect(ids(keptVersions(plan))).toEqual([later.id]);
    expect(ids(doomedVersions(plan))).toEqual([earlier.id, version(6).id]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses keep-last %p', (keepLast) => {
    expect(() => planRetention([version(1)], { keepLast }, [], AT)).toThrow(InputError);
  });
});

describe('properties of planRetention', () => {
  it('keep and remove are a partition, and every decision has a reason', () => {
    fc.assert(
      fc.property(anyVersions, anyKeepLast, anyPins, (versions, keepLast, pins) => {
        const plan = planRetention(versions, { keepLast }, pins, AT);
        const both = [...keptVersions(plan), ...doomedVersions(plan)];
        expect(ids(both).sort()).toEqual(ids(versions).sort());
        expect(plan.decisions.every(({ reasons }) => reasons.length > 0 && !reasons.includes(''))).toBe(true);
      }),
      CASES,
    );
  });

  it('does not depend on the order of its input', () => {
    const shuffled = anyVersions.chain((versions) =>
      fc.tuple(fc.constant(versions), fc.shuffledSubarray(versions, { minLength: versions.length })),
    );
    fc.assert(
      fc.property(shuffled, anyKeepLast, anyPins, ([versions, shuffle], keepLast, pins) => {
        expect(planRetention(shuffle, { keepLast }, pins, AT)).toEqual(planRetention(versions, { keepLast }, pins, AT));
      }),
      CASES,
    );
  });

  it('prune ∘ prune = prune', () => {
    fc.assert(
      fc.property(anyVersions, anyKeepLast, anyPins, (versions, keepLast, pins) => {
        const kept = keptVersions(planRetention(versions, { keepLast }, pins, AT));
        expect(ids(keptVersions(planRetention(kept, { keepLast }, pins, AT)))).toEqual(ids(kept));
      }),
      CASES,
    );
  });

  it('a larger N never deletes more', () => {
    fc.assert(
      fc.property(anyVersions, anyKeepLast, fc.nat(10), anyPins, (versions, keepLast, more, pins) => {
        const fewer = ids(keptVersions(planRetention(versions, { keepLast }, pins, AT)));
        const larger = ids(keptVersions(planRetention(versions, { keepLast: keepLast + more }, pins, AT)));
        expect(larger).toEqual(expect.arrayContaining(fewer));
      }),
      CASES,
    );
  });

  it('the newest version and pinned ones survive, and of the others exactly the last N', () => {
    fc.assert(
      fc.property(anyVersions, anyKeepLast, anyPins, (versions, keepLast, pins) => {
        const kept = keptVersions(planRetention(versions, { keepLast }, pins, AT));
        const pinned = versions.filter(({ number }) => pins.some((pin) => pin.number === number));
        const newest = Math.max(...numbers(versions));
        expect(ids(kept)).toEqual(expect.arrayContaining(ids(pinned)));
        if (versions.length > 0) expect(numbers(kept)).toContain(newest);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(keepLast, versions.length));
        expect(kept.length).toBeLessThanOrEqual(keepLast + pinned.length);
      }),
      CASES,
    );
  });
});
