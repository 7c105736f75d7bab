import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytes, count, duration, exactBytes, grouped, money, rate, timestamp } from '../../src/report/units.ts';

describe('counts', () => {
  it.each([
    [0, '0 files'],
    [1, '1 file'],
    [2, '2 files'],
    [1_234_567, '1,234,567 files'],
  ])('%d → %s', (value, expected) => expect(count(value, 'file')).toBe(expected));

  it('takes a plural that is not made with s', () => {
    expect([1, 2].map((value) => count(value, 'entry', 'entries'))).toEqual(['1 entry', '2 entries']);
  });

  it('groups by thousands', () => expect(grouped(12_345_678)).toBe('12,345,678'));

  it('writes what Intl writes, of whole numbers and of fractions', () => {
    const { format } = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
    const numbers = fc.oneof(fc.maxSafeNat(), fc.double({ min: 0, max: 1e15, noNaN: true }));
    fc.assert(fc.property(numbers, (value) => expect(grouped(value)).toBe(format(value))));
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [10_188, '9.9 KiB'],
    [10_189, '10 KiB'],
    [1_048_064, '1.0 MiB'],
    [1_048_063, '1,023 KiB'],
    [1_288_490_189, '1.2 GiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
    [Number.MAX_SAFE_INTEGER, '8.0 PiB'],
  ])('%d → %s', (value, expected) => expect(bytes(value)).toBe(expected));

  it('never shows 1,024 of a unit where a larger one exists', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (value) => !/1,0(?:2[4-9]|[3-9]\d) [KMGT]iB/.test(bytes(value))));
  });

  it('adds the exact number from 1 KiB on', () => {
    expect([1000, 4096].map(exactBytes)).toEqual(['1000 B', '4.0 KiB (4,096 bytes)']);
  });

  it('makes rates of whole bytes', () => expect(rate(19.4 * 1024 ** 2)).toBe('19 MiB/s'));
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [4210, '4.2 s'],
    [9960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 m 00 s'],
    [65_000, '1 m 05 s'],
    [3_599_700, '1 h 00 m'],
    [7_399_000, '2 h 03 m'],
    [90_000_000, '1 d 01 h'],
  ])('%d ms → %s', (value, expected) => expect(duration(value)).toBe(expected));
});

describe('money', () => {
  it.each([
    [0, '$0'],
    [0.00003, 'less than $0.0001'],
    [0.00625, '$0.0063'],
    [1234.5, '$1,234.50'],
  ])('%d → %s', (value, expected) => expect(money(value)).toBe(expected));
});

it('writes times in UTC to the second', () => {
  expect(timestamp(new Date('2026-11-22T13:47:05.987Z'))).toBe('2026-11-22 13:47:05 UTC');
});
