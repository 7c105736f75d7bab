import { describe, expect, it } from '@jest/globals';
import { readLockInputs } from '../../src/inputs/lock.ts';
import { readerOf } from '../github/support.ts';

describe('readLockInputs', () => {
  it.each([
    [{}, undefined],
    [{ 'legal-hold': 'true' }, { legalHold: true }],
    [
      { 'object-lock-mode': 'governance', 'object-lock-days': '30' },
      { legalHold: false, retention: { mode: 'GOVERNANCE', days: 30 } },
    ],
    [
      { 'object-lock-mode': 'compliance', 'object-lock-days': '1', 'legal-hold': 'true' },
      { legalHold: true, retention: { mode: 'COMPLIANCE', days: 1 } },
    ],
  ])('reads %j', (inputs, expected) => {
    expect(readLockInputs(readerOf(inputs))).toEqual(expected);
  });
});
