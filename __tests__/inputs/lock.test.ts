import { describe, expect, it } from '@jest/globals';
import { readLockInputs } from '../../src/inputs/lock.ts';
import { readRetentionInputs } from '../../src/inputs/retention.ts';
import { readerOf } from '../github/support.ts';

function lockOf(inputs: Readonly<Record<string, string>>) {
  const reader = readerOf(inputs);
  return readLockInputs(reader, readRetentionInputs(reader));
}

describe('readLockInputs', () => {
  it.each([
    [{}, undefined],
    [{ 'legal-hold': 'true' }, { legalHold: true }],
    [
      { 'object-lock-mode': 'governance', 'object-lock-days': '30' },
      { legalHold: false, retention: { mode: 'GOVERNANCE', length: { days: 30 } } },
    ],
    [
      { 'object-lock-mode': 'compliance', 'object-lock-days': '1', 'legal-hold': 'true' },
      { legalHold: true, retention: { mode: 'COMPLIANCE', length: { days: 1 } } },
    ],
  ])('reads %j', (inputs, expected) => {
    expect(lockOf(inputs)).toEqual(expected);
  });

  it('takes the policy for the length of the lock, which has to promise a date', () => {
    const asked = { 'object-lock-mode': 'governance', 'retain-until': 'policy' };
    expect(lockOf({ ...asked, 'keep-within': '30d', timezone: 'Europe/Berlin' })).toMatchObject({
      retention: { length: { policy: { keepWithin: { days: 30 } }, timezone: 'Europe/Berlin' } },
    });
    expect(lockOf({ ...asked, 'max-age': '30d' })).toBeDefined();
    expect(lockOf({ ...asked, 'keep-within': '1d' })).toBeDefined();
  });
});
