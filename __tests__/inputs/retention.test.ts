import { expect, it } from '@jest/globals';
import { readRetentionInputs } from '../../src/inputs/retention.ts';
import { readerOf } from '../github/support.ts';

it('has no rule, so that nothing is deleted, unless one is given', () => {
  expect(readRetentionInputs(readerOf({})).policy).toEqual({});
  expect(readRetentionInputs(readerOf({ 'keep-last': '1' })).policy).toEqual({ keepLast: 1 });
});

it.each([
  ['24h', 86_400_000],
  ['1d', 86_400_000],
  ['2w', 1_209_600_000],
  ['3650d', 315_360_000_000],
])('reads abandoned-after %s as %d ms', (text, expected) => {
  expect(readRetentionInputs(readerOf({ 'abandoned-after': text })).abandonedAfterMs).toBe(expected);
});
