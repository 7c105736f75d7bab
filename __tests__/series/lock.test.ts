import { expect, it } from '@jest/globals';
import { objectLock } from '../../src/series/lock.ts';
import { TIME } from './series-fixture.ts';

it('a lock lasts whole days from the time of the version', () => {
  expect(objectLock({ legalHold: false, retention: { mode: 'COMPLIANCE', days: 30 } }, TIME)).toEqual({
    mode: 'COMPLIANCE',
    retainUntil: new Date('2026-12-22T08:09:10Z'),
    legalHold: false,
  });
});

it('a legal hold has no end', () => {
  expect(objectLock({ legalHold: true }, TIME)).toEqual({ legalHold: true });
});
