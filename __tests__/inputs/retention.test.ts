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

it('takes a count of 0 for no rule where there is another', () => {
  expect(readRetentionInputs(readerOf({ 'keep-last': '0', 'keep-daily': '7' })).policy).toEqual({ keepDaily: 7 });
});

it.each([
  ['1', { kind: 'versions', count: 1 }],
  ['999999', { kind: 'versions', count: 999_999 }],
  ['1%', { kind: 'percent', percent: 1 }],
  ['100%', { kind: 'percent', percent: 100 }],
])('reads max-delete %s', (text, expected) => {
  expect(readRetentionInputs(readerOf({ 'max-delete': text })).maxDelete).toEqual(expected);
});

it.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Etc/GMT+5'])('takes the zone %s', (timezone) => {
  expect(readRetentionInputs(readerOf({ timezone })).timezone).toBe(timezone);
});
