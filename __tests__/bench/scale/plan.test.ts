import { describe, expect, it } from '@jest/globals';
import { GIB, parseOptions } from '../../../bench/scale/plan.ts';

describe('parseOptions', () => {
  it('measures up to a million entries and 50 GiB by default, the smallest five times', () => {
    const { points, isTrial } = parseOptions([]);
    expect(isTrial).toBe(false);
    expect(points.map(({ size }) => size)).toEqual([1_000, 10_000, 100_000, 1_000_000, GIB, 10 * GIB, 50 * GIB]);
    expect(points.map(({ rounds }) => rounds)).toEqual([5, 1, 1, 1, 5, 1, 1]);
  });

  it('tries less, and says that it is a trial', () => {
    expect(parseOptions(['--units=bytes', '--shrink=10', '--rounds=2'])).toEqual({
      points: [GIB / 10, GIB, 5 * GIB].map((size) => ({ unit: 'bytes', size: Math.round(size), rounds: 2 })),
      isTrial: true,
    });
  });

  it('measures one unit whole, which is no trial', () => {
    const { points, isTrial } = parseOptions(['--units=entries']);
    expect(isTrial).toBe(false);
    expect(new Set(points.map(({ unit }) => unit))).toEqual(new Set(['entries']));
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--unit=bytes'])).toThrow('--unit=bytes is no option');
  });
});
