import { describe, expect, it } from '@jest/globals';
import { fullIsDue, startOfLine } from '../../src/series/full-every.ts';

const DAY_MS = 24 * 3_600_000;
const START = new Date('2026-11-01T00:00:00Z');
const version = (number: number, type: 'full' | 'incremental') => ({ id: `v${number}`, number, type, time: START });
const at = (days: number) => new Date(START.getTime() + days * DAY_MS);

describe('fullIsDue', () => {
  it.each([
    [2, 0, {}, undefined],
    [999, 9999, {}, undefined],
    [7, 0, { versions: 7 }, undefined],
    [8, 0, { versions: 7 }, /7 versions ago/],
    [2, 0, { versions: 1 }, /1 versions ago/],
    [3, 29.9, { ageMs: 30 * DAY_MS }, undefined],
    [3, 30, { ageMs: 30 * DAY_MS }, /2026-11-01/],
    [8, 1, { versions: 7, ageMs: 30 * DAY_MS }, /7 versions ago/],
    [3, 31, { versions: 7, ageMs: 30 * DAY_MS }, /2026-11-01/],
    [3, 5, { versions: 7, ageMs: 30 * DAY_MS }, undefined],
  ])('of number %d after %d days by %j', (number, days, rule, expected) => {
    const reason = fullIsDue(version(1, 'full'), number, at(days), rule);
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });
});

it('a line starts at the newest full version, or at the oldest there is', () => {
  const versions = [version(3, 'incremental'), version(1, 'full'), version(2, 'full'), version(4, 'incremental')];
  expect(startOfLine(versions)?.number).toBe(2);
  expect(startOfLine([version(4, 'incremental'), version(3, 'incremental')])?.number).toBe(3);
  expect(startOfLine([])).toBeUndefined();
});
