import { describe, expect, it } from '@jest/globals';
import { readIncrementalInputs } from '../../src/inputs/incremental.ts';
import { readerOf } from '../github/support.ts';

const DAY_MS = 24 * 3_600_000;
const read = (inputs: Record<string, string> = {}) => readIncrementalInputs(readerOf(inputs));

describe('readIncrementalInputs', () => {
  it('has the defaults of action.yml', () => {
    expect(read()).toEqual({
      mode: 'auto',
      fullEvery: { versions: 7, ageMs: 30 * DAY_MS },
      changeDetection: 'content',
      repackBelow: 0.3,
    });
  });

  it.each([
    ['never', {}],
    ['1', { versions: 1 }],
    ['999999', { versions: 999_999 }],
    ['12h', { ageMs: DAY_MS / 2 }],
    ['30d, 7', { versions: 7, ageMs: 30 * DAY_MS }],
    ['2w,14', { versions: 14, ageMs: 14 * DAY_MS }],
  ])('reads full-every %j', (value, expected) => {
    expect(read({ 'full-every': value }).fullEvery).toEqual(expected);
  });

  it.each(['0', '-1', '1000000', '1.5', '0d', '3651d', '7,8', '1d,2d', '7,30d,1h', '7,', 'never,7', 'x', ''])(
    'refuses full-every %j',
    (value) => {
      expect(() => read({ 'full-every': value })).toThrow(/`full-every`.*a number of versions, a time such as `30d`/);
    },
  );

  it.each([
    ['0%', 0],
    ['30 %', 0.3],
    ['100%', 1],
  ])('reads repack-below %j', (value, expected) => {
    expect(read({ 'repack-below': value }).repackBelow).toBe(expected);
  });

  it.each(['30', '101%', '-1%', '1.5%', '%', ''])('refuses repack-below %j', (value) => {
    expect(() => read({ 'repack-below': value })).toThrow(/`repack-below`.*a percentage from `0%` to `100%`/);
  });

  it.each([
    ['incremental', 'always', { mode: 'always' }],
    ['change-detection', 'stat', { changeDetection: 'stat' }],
  ])('reads %s %s, and refuses what is no choice', (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject(expected);
    expect(() => read({ [name]: 'perhaps' })).toThrow(`\`${name}\``);
  });
});
