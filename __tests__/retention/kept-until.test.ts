import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Span } from '../../src/retention/calendar.ts';
import { keptUntil } from '../../src/retention/kept-until.ts';
import { planRetention } from '../../src/retention/plan.ts';
import type { RetentionPolicy, VersionFacts } from '../../src/retention/types.ts';

const TIME = new Date('2026-11-22T08:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const span = (fields: Partial<Span>): Span => ({ years: 0, months: 0, days: 0, hours: 0, text: 'a span', ...fields });

describe('keptUntil', () => {
  it.each<[string, RetentionPolicy, string | undefined]>([
    ['no rule', {}, undefined],
    ['a count', { keepLast: 14 }, undefined],
    ['periods', { keepDaily: 7, keepMonthly: 12 }, undefined],
    ['a count and an age', { keepLast: 14, maxAge: span({ days: 30 }) }, undefined],
    ['a span', { keepWithin: span({ days: 30 }) }, '2026-12-22T08:00'],
    ['a span and a count', { keepLast: 3, keepWithin: span({ hours: 25 }) }, '2026-11-23T09:00'],
    ['months', { keepWithin: span({ years: 1, months: 6 }) }, '2028-05-22T08:00'],
    ['an age alone', { maxAge: span({ days: 10 }) }, '2026-12-02T08:00'],
    ['a span that an age cuts', { keepWithin: span({ days: 30 }), maxAge: span({ days: 7 }) }, '2026-11-29T08:00'],
  ])('of a policy with %s', (_what, policy, expected) => {
    const until = keptUntil(policy, TIME, 'UTC');
    // A second before at most.
    const rounded = until && new Date(Math.ceil(until.getTime() / 60_000) * 60_000).toISOString().slice(0, 16);
    expect(rounded).toBe(expected);
  });

  it('is never later than the policy keeps the version, whatever comes after it', () => {
    const spans = fc.record({ years: fc.nat(2), months: fc.nat(14), days: fc.nat(70), hours: fc.nat(50) }).map(span);
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
    const check = (keepWithin: Span, timezone: string, ms: number, share: number) => {
      const version: VersionFacts = { id: 'a', number: 1, type: 'full', time: new Date(ms) };
      const until = keptUntil({ keepWithin }, version.time, timezone)?.getTime() ?? 0;
      const later = new Date(ms + Math.floor((until - ms) * share));
      const newer: VersionFacts = { id: 'b', number: 2, type: 'full', time: later };
      const plan = planRetention([version, newer], { keepWithin }, [], { now: later, timezone });
      expect(plan.decisions.filter(({ keep }) => !keep)).toEqual([]);
      // And it is no empty promise: not much earlier than the span says.
      expect(until).toBeGreaterThan(ms + keepWithin.days * DAY_MS + keepWithin.hours * HOUR_MS - 5 * HOUR_MS);
    };
    fc.assert(fc.property(spans.filter(isLong), zones, moments, fc.double({ min: 0, max: 1, noNaN: true }), check), {
      numRuns: 1000,
    });
  });
});

function isLong({ years, months, days, hours }: Span): boolean {
  return years + months + days > 0 || hours >= 24;
}
