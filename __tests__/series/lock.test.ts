import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LockLength } from '../../src/series/lock.ts';
import { isLockedEnough, isLockFresh, lockChange, objectLock, recordedLock } from '../../src/series/lock.ts';
import type { ObjectLock } from '../../src/store/object-store.ts';
import { TIME } from './series-fixture.ts';

it('a lock lasts whole days from the time of the version', () => {
  expect(objectLock({ legalHold: false, retention: { mode: 'COMPLIANCE', length: { days: 30 } } }, TIME)).toEqual({
    mode: 'COMPLIANCE',
    retainUntil: new Date('2026-12-22T08:09:10Z'),
    legalHold: false,
  });
});

it('a legal hold has no end', () => {
  expect(objectLock({ legalHold: true }, TIME)).toEqual({ legalHold: true });
});

it('a lock can last as long as the policy is sure to keep the version', () => {
  const keepWithin = { years: 0, months: 0, days: 0, hours: 48, text: '48h' };
  const length = { policy: { keepLast: 3, keepWithin }, timezone: 'UTC' };
  const { retainUntil } = objectLock({ legalHold: false, retention: { mode: 'GOVERNANCE', length } }, TIME);
  const end = TIME.getTime() + 48 * 3_600_000;
  expect(retainUntil?.getTime()).toBeLessThan(end);
  expect(retainUntil?.getTime()).toBeGreaterThanOrEqual(end - 1000);
});

const DAY_MS = 86_400_000;
const [SHORT, LONG] = [new Date(TIME.getTime() + DAY_MS), new Date(TIME.getTime() + 2 * DAY_MS)];
const GOVERNED: ObjectLock = { mode: 'GOVERNANCE', retainUntil: LONG, legalHold: false };

describe('lockChange', () => {
  it.each<[string, ObjectLock | undefined, ObjectLock, ReturnType<typeof lockChange>]>([
    ['nothing there', undefined, GOVERNED, { hold: false, retention: { mode: 'GOVERNANCE', until: LONG } }],
    ['the same', GOVERNED, GOVERNED, { hold: false }],
    ['longer and stricter', { ...GOVERNED, mode: 'COMPLIANCE' }, { ...GOVERNED, retainUntil: SHORT }, { hold: false }],
    [
      'shorter',
      { ...GOVERNED, retainUntil: SHORT },
      GOVERNED,
      { hold: false, retention: { mode: 'GOVERNANCE', until: LONG } },
    ],
    [
      'shorter and stricter',
      { mode: 'COMPLIANCE', retainUntil: SHORT, legalHold: false },
      GOVERNED,
      { hold: false, retention: { mode: 'COMPLIANCE', until: LONG } },
    ],
    [
      'longer and weaker',
      GOVERNED,
      { mode: 'COMPLIANCE', retainUntil: SHORT, legalHold: false },
      { hold: false, retention: { mode: 'COMPLIANCE', until: LONG } },
    ],
    [
      'stricter, but over',
      { mode: 'COMPLIANCE', retainUntil: TIME, legalHold: false },
      GOVERNED,
      { hold: false, retention: { mode: 'GOVERNANCE', until: LONG } },
    ],
    ['a hold that is there', { legalHold: true }, { legalHold: true }, { hold: false }],
    ['no hold', GOVERNED, { ...GOVERNED, legalHold: true }, { hold: true }],
    ['a hold that is not wanted', { legalHold: true }, { legalHold: false }, { hold: false }],
  ])('where the object has %s', (_what, found, wanted, change) => {
    expect(lockChange(found, wanted, TIME)).toEqual(change);
  });

  it('leaves every object locked as long and as strictly as wanted, and no less than it was', () => {
    const retention = fc.record({
      mode: fc.constantFrom('GOVERNANCE' as const, 'COMPLIANCE' as const),
      retainUntil: fc.integer({ min: -3, max: 3 }).map((days) => new Date(TIME.getTime() + days * DAY_MS)),
      legalHold: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.option(retention, { nil: undefined }), retention, (found, wanted) => {
        const { retention: changed, hold } = lockChange(found, wanted, TIME);
        const until = changed?.until ?? found?.retainUntil ?? new Date(0);
        const mode = changed?.mode ?? found?.mode;
        expect(until.getTime()).toBeGreaterThanOrEqual(wanted.retainUntil.getTime());
        if (wanted.mode === 'COMPLIANCE') expect(mode).toBe('COMPLIANCE');
        expect(hold || found?.legalHold === true || !wanted.legalHold).toBe(true);
        if (found === undefined || found.retainUntil <= TIME) return;
        expect(until.getTime()).toBeGreaterThanOrEqual(found.retainUntil.getTime());
        if (found.mode === 'COMPLIANCE') expect(mode).toBe('COMPLIANCE');
      }),
    );
  });
});

describe('isLockedEnough', () => {
  it.each<[string, ObjectLock | undefined, ObjectLock, boolean]>([
    ['as long', GOVERNED, GOVERNED, true],
    ['longer and stricter', { ...GOVERNED, mode: 'COMPLIANCE' }, { ...GOVERNED, retainUntil: SHORT }, true],
    ['shorter', { ...GOVERNED, retainUntil: SHORT }, GOVERNED, false],
    ['weaker', GOVERNED, { ...GOVERNED, mode: 'COMPLIANCE' }, false],
    ['not locked', undefined, GOVERNED, false],
    ['held, which can be lifted', { ...GOVERNED, legalHold: true }, { ...GOVERNED, legalHold: true }, false],
  ])('where the record says %s', (_what, recorded, wanted, expected) => {
    expect(isLockedEnough(recorded && recordedLock(recorded), wanted)).toBe(expected);
  });
});

describe('isLockFresh', () => {
  const until = (length: LockLength) => ({ legalHold: false, retention: { mode: 'COMPLIANCE' as const, length } });
  const daysLater = (days: number) => new Date(TIME.getTime() + days * 86_400_000);

  it.each([
    [0, true],
    [2.9, true],
    [3.01, false],
    [31, false],
  ])('tells whether a lock of 30 days is as good as new after %p of them', (days, isFresh) => {
    expect(isLockFresh(until({ days: 30 }), TIME, daysLater(days))).toBe(isFresh);
    expect(
      isLockFresh(
        until({ policy: { keepWithin: { years: 0, months: 0, days: 30, hours: 0, text: '30d' } }, timezone: 'UTC' }),
        TIME,
        daysLater(days),
      ),
    ).toBe(isFresh);
  });

  it('has nothing against a version without a date', () => {
    expect(isLockFresh({ legalHold: true }, TIME, daysLater(100))).toBe(true);
  });
});
