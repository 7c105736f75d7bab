import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatMtime, parseMtime } from '../../src/series/mtime.ts';

/** The range of `Date`, in nanoseconds. */
const LIMIT_NS = 8_640_000_000_000_000n * 1_000_000n;

describe('an mtime', () => {
  it.each([
    [0n, '1970-01-01T00:00:00Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [-1_000_000_000n, '1969-12-31T23:59:59Z'],
    [-1_500_000_000n, '1969-12-31T23:59:58.5Z'],
    [1_795_354_440_500_000_000n, '2026-11-22T13:34:00.5Z'],
    [1_795_354_440_000_001_000n, '2026-11-22T13:34:00.000001Z'],
    [253_402_300_799_999_999_999n, '9999-12-31T23:59:59.999999999Z'],
    [LIMIT_NS, '+275760-09-13T00:00:00Z'],
    [-LIMIT_NS, '-271821-04-20T00:00:00Z'],
  ])('of %s ns is %s, both ways', (ns, text) => {
    expect(formatMtime(ns)).toBe(text);
    expect(parseMtime(text)).toBe(ns);
  });

  it('comes back to the nanosecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -LIMIT_NS, max: LIMIT_NS }), (ns) => {
        expect(parseMtime(formatMtime(ns))).toBe(ns);
      }),
    );
  });

  it('is the time that Date reads', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const text = formatMtime(BigInt(date.getTime()) * 1_000_000n);
        expect(new Date(text)).toEqual(date);
        expect(text).not.toMatch(/\.\d*0Z$|\.Z$/);
      }),
    );
  });

  it('stops at the last second there is a date for', () => {
    expect(formatMtime(10n ** 30n)).toBe('+275760-09-13T00:00:00Z');
    expect(formatMtime(-(10n ** 30n))).toBe('-271821-04-20T00:00:00Z');
  });

  it.each([
    '',
    'yesterday',
    '2026-11-22',
    '2026-11-22T13:34:00',
    '2026-11-22 13:34:00Z',
    '2026-11-22T13:34:00+01:00',
    '2026-11-22T13:34:00.Z',
    '2026-11-22T13:34:00.0000000001Z',
    '2026-13-22T13:34:00Z',
    '2026-02-30T13:34:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T13:34:60Z',
    '999999-01-01T00:00:00Z',
    '+002026-11-22T13:34:00Z',
    '+2026-11-22T13:34:00Z',
    '-000000-11-22T13:34:00Z',
    ' 2026-11-22T13:34:00Z',
    '2026-11-22T13:34:00Z\n',
  ])('is not read from %j', (text) => {
    expect(parseMtime(text)).toBeUndefined();
  });
});
