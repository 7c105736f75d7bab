import { expect, it } from '@jest/globals';
import { objectLock } from '../../src/series/lock.ts';
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
