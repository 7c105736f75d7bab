import { describe, expect, it } from '@jest/globals';
import { Calendar } from '../../src/retention/calendar.ts';
import { hasRules, rulesOf } from '../../src/retention/rules.ts';
import type { RetentionPolicy, VersionFacts } from '../../src/retention/types.ts';
import { keptNumbers, planOf, span, versionAt, versionsAt } from './versions.ts';

const CALENDAR = new Calendar('UTC');
const VERSIONS: VersionFacts[] = [3, 2, 1].map((number) => versionAt(number, `2026-01-01T00:00:0${number}Z`));

const kept = (times: readonly string[], policy: RetentionPolicy, timezone = 'UTC') =>
  keptNumbers(planOf(versionsAt(times), policy, { timezone }));
const reasons = (times: readonly string[], policy: RetentionPolicy) =>
  planOf(versionsAt(times), policy).decisions.map((decision) => decision.reasons.join(', '));

describe('rulesOf', () => {
  it('makes one rule that keeps everything of an empty policy', () => {
    const rules = rulesOf({}, CALENDAR);
    expect(rules.map((rule) => rule.reasons(VERSIONS))).toEqual([Array(3).fill('no retention rule')]);
  });

  it('numbers what keep-last keeps', () => {
    const [rule] = rulesOf({ keepLast: 2 }, CALENDAR);
    expect(rule?.reasons(VERSIONS)).toEqual(['last 1 of 2', 'last 2 of 2', undefined]);
    expect(rule?.otherwise).toBe('beyond the last 2');
  });

  it.each([
    ['keep-last', { keepLast: 0 }],
    ['keep-hourly', { keepHourly: 0 }],
    ['keep-daily', { keepDaily: 0 }],
    ['keep-weekly', { keepWeekly: 0 }],
    ['keep-monthly', { keepMonthly: 0 }],
    ['keep-yearly', { keepYearly: 0 }],
  ])('names the input, the value, the rule and the remedy of a %s out of range', (input, policy) => {
    expect(() => rulesOf(policy, CALENDAR)).toThrow(
      `${input} is 0, but it must be an integer of at least 1; leave it out for no such rule.`,
    );
  });
});

describe('periods', () => {
  it('keep the newest of each, and say which and how many', () => {
    const times = ['2026-11-20T03:00:00Z', '2026-11-20T04:00:00Z', '2026-11-22T03:00:00Z'];
    expect(reasons(times, { keepDaily: 7 })).toEqual([
      'daily 2026-11-22 (1 of 7), newest version',
      'daily 2026-11-20 (2 of 7)',
      'not the newest of one of the last 7 days',
    ]);
  });

  it('do not count where they have no version', () => {
    const times = ['2020-01-01T00:00:00Z', '2023-06-01T00:00:00Z', '2026-11-22T00:00:00Z'];
    for (const policy of [
      { keepHourly: 3 },
      { keepDaily: 3 },
      { keepWeekly: 3 },
      { keepMonthly: 3 },
      { keepYearly: 3 },
    ])
      expect(kept(times, policy)).toEqual([3, 2, 1]);
  });

  it('count a version in every rule that it satisfies', () => {
    const times = ['2026-10-31T00:00:00Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'];
    expect(reasons(times, { keepLast: 1, keepDaily: 2, keepWeekly: 1, keepMonthly: 2, keepYearly: 1 })).toEqual([
      'last 1 of 1, daily 2026-11-22 (1 of 2), weekly 2026-W47 (1 of 1), monthly 2026-11 (1 of 2), yearly 2026 (1 of 1), newest version',
      'daily 2026-11-21 (2 of 2)',
      'monthly 2026-10 (2 of 2)',
    ]);
  });

  it('tell 10:05 from 11:05, and the year 2024 from the version 2024', () => {
    expect(kept(['2026-11-22T10:05:00Z', '2026-11-22T11:05:00Z'], { keepHourly: 2 })).toEqual([2, 1]);
    const plan = planOf([versionAt(2024, '2024-05-01T00:00:00Z'), versionAt(2025, '2025-05-01T00:00:00Z')], {
      keepYearly: 2,
    });
    expect(keptNumbers(plan)).toEqual([2025, 2024]);
  });

  it('have one week over New Year where ISO has one', () => {
    const over = ['2020-12-28', '2020-12-31', '2021-01-01', '2021-01-03', '2021-01-04'].map(
      (day) => `${day}T12:00:00Z`,
    );
    expect(kept(over, { keepWeekly: 2 })).toEqual([5, 4]);
    const next = ['2024-12-29', '2024-12-30', '2024-12-31', '2025-01-05', '2025-01-06'].map(
      (day) => `${day}T12:00:00Z`,
    );
    expect(kept(next, { keepWeekly: 3 })).toEqual([5, 4, 1]);
  });

  it('keep one of three versions of one second: that of the highest number', () => {
    const times = Array(3).fill('2026-11-22T03:00:00Z');
    expect(kept(times, { keepHourly: 3 })).toEqual([3]);
    expect(kept(times, { keepLast: 3 })).toEqual([3, 2, 1]);
    expect(kept([...times, '2026-11-22T05:00:00Z'], { keepHourly: 2 })).toEqual([4, 3]);
  });

  it('are those of the zone', () => {
    const times = ['2026-11-21T22:30:00Z', '2026-11-21T23:30:00Z'];
    expect(kept(times, { keepDaily: 2 })).toEqual([2]);
    expect(kept(times, { keepDaily: 2 }, 'Europe/Berlin')).toEqual([2, 1]);
  });

  it('are in the order of time where somebody made up numbers', () => {
    const versions = [
      versionAt(900, '2001-01-01T00:00:00Z'),
      versionAt(1, '2026-11-21T00:00:00Z'),
      versionAt(2, '2026-11-22T00:00:00Z'),
    ];
    expect(keptNumbers(planOf(versions, { keepDaily: 2 }))).toEqual([900, 2, 1]);
  });
});

describe('keep-within', () => {
  const times = ['2025-11-15T03:00:00Z', '2025-11-15T03:00:01Z', '2025-11-22T03:00:00Z'];

  it('is measured from the newest version, whatever the clock says', () => {
    expect(kept(times, { keepWithin: span('7d') })).toEqual([3, 2]);
    expect(reasons(times, { keepWithin: span('7d') })).toEqual([
      'within 7d of the newest, newest version',
      'within 7d of the newest',
      'not within 7d of the newest',
    ]);
  });
});

describe('max-age', () => {
  const versions = versionsAt([
    '2026-11-01T00:00:00Z',
    '2026-11-10T00:00:00Z',
    '2026-11-20T00:00:00Z',
    '2026-11-21T00:00:00Z',
  ]);
  const now = new Date('2026-11-20T00:00:00Z');

  it('is measured by the clock, and keeps all that is younger where no rule is given', () => {
    expect(
      planOf(versions, { maxAge: span('10d') }, { now }).decisions.map(({ keep, reasons: why }) => [keep, ...why]),
    ).toEqual([
      [true, 'no retention rule', 'newest version'],
      [true, 'no retention rule'],
      [true, 'no retention rule'],
      [false, 'older than 10d'],
    ]);
  });

  it('is a limit to all rules but tags, and never takes the newest or a pinned version', () => {
    const later = new Date('2030-01-01T00:00:00Z');
    const policy = { keepLast: 4, keepYearly: 4, keepWithin: span('1y'), maxAge: span('10d') };
    expect(keptNumbers(planOf(versions, policy, { now: later }))).toEqual([4]);
    expect(keptNumbers(planOf(versions, policy, { now: later, pins: [{ number: 2 }] }))).toEqual([4, 2]);
    const tagged = versions.map((version) => ({ ...version, tags: version.number === 1 ? { release: 'true' } : {} }));
    const withTag = { ...policy, keepTags: [{ key: 'release' }] };
    expect(keptNumbers(planOf(tagged, withTag, { now: later }))).toEqual([4, 1]);
  });
});

it('hasRules tells a policy that may remove something', () => {
  expect([
    hasRules({}),
    hasRules({ keepLast: 1 }),
    hasRules({ keepYearly: 1 }),
    hasRules({ maxAge: span('1d') }),
  ]).toEqual([false, true, true, true]);
});
