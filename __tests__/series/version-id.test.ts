import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackupError } from '../../src/errors.ts';
import {
  formatNumber,
  formatVersionId,
  parseNumber,
  parseVersionId,
  type VersionIdParts,
  versionIdOf,
} from '../../src/series/version-id.ts';

const CASES = { numRuns: 2_000 };
const ID = 'dist_full_20261122T080910Z_000042';

const anyParts: fc.Arbitrary<VersionIdParts> = fc.record({
  series: fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
    // Series whose name looks like an ID itself.
    fc.constantFrom('a_full_20260101T000000Z_000001', 'x_incremental', '_full_', '000001'),
  ),
  type: fc.constantFrom('full' as const, 'incremental' as const),
  time: fc
    .integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 })
    .map((seconds) => new Date(seconds * 1000)),
  number: fc.integer({ min: 1, max: 999_999_999_999_999 }),
});

describe('version IDs', () => {
  it('look as documented', () => {
    const time = new Date('2026-11-22T08:09:10.987Z');
    expect(formatVersionId({ series: 'dist', type: 'full', time, number: 42 })).toBe(ID);
  });

  it('come back from their text', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(parseVersionId(formatVersionId(parts))).toEqual(parts);
      }),
      CASES,
    );
  });

  it('text that parses is text that would be written', () => {
    const almost = fc
      .tuple(fc.constant(ID), fc.nat(ID.length - 1), fc.string({ maxLength: 2, unit: 'binary' }))
      .map(([id, at, replacement]) => id.slice(0, at) + replacement + id.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), (text) => {
        const parts = parseVersionId(text);
        if (parts !== undefined) expect(formatVersionId(parts)).toBe(text);
      }),
      CASES,
    );
  });

  it.each([
    ['', 'nothing'],
    ['dist_full_20261122T080910Z_42', 'a number that is not padded'],
    ['dist_full_20261122T080910Z_0000042', 'a number with a zero too many'],
    ['dist_full_20261122T080910Z_000000', 'number 0'],
    ['dist_partial_20261122T080910Z_000042', 'an unknown type'],
    ['dist_full_20260230T080910Z_000042', 'a day that does not exist'],
    ['dist_full_20261122T250000Z_000042', 'an hour that does not exist'],
    ['_full_20261122T080910Z_000042', 'no series'],
    [`${ID}\n`, 'a line break at the end'],
    ['dist_full_20261122T080910Z_٠٠٠٠٤٢', 'other digits'],
  ])('refuse %j: %s', (text) => {
    expect(parseVersionId(text)).toBeUndefined();
    expect(() => versionIdOf(text)).toThrow(BackupError);
  });

  it('are returned in parts where they must be valid', () => {
    expect(versionIdOf(ID).number).toBe(42);
  });
});

describe('numbers', () => {
  it.each([
    [1, '000001'],
    [999_999, '999999'],
    [1_000_000, '1000000'],
  ])('%d is written %s and read back', (number, text) => {
    expect(formatNumber(number)).toBe(text);
    expect(parseNumber(text)).toBe(number);
  });

  it.each(['', '1', '000000', '0000001', '-00001', '00001.', ' 000001', '1e5000', '9999999999999999'])(
    '%j is none',
    (text) => {
      expect(parseNumber(text)).toBeUndefined();
    },
  );

  it('sort by their text as long as they have six digits', () => {
    const number = fc.integer({ min: 1, max: 999_999 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(formatNumber(a) < formatNumber(b)).toBe(a < b);
      }),
      CASES,
    );
  });
});
