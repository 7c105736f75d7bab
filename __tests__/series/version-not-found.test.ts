import { describe, expect, it } from '@jest/globals';
import type { VersionFacts } from '../../src/retention/types.ts';
import { nearest, versionNotFound } from '../../src/series/version-not-found.ts';
import { parseVersionSelector } from '../../src/series/version-selector.ts';

const versions: readonly VersionFacts[] = Array.from({ length: 10 }, (_, index) => ({
  id: `v${index + 1}`,
  number: index + 1,
  type: 'full',
  time: new Date(Date.UTC(2026, 0, index + 1)),
}));

describe('nearest', () => {
  it.each([
    ['latest', [10, 9, 8, 7, 6]],
    ['99', [10, 9, 8, 7, 6]],
    ['4', [4, 5, 3, 6, 2]],
    ['2025-01-01', [1, 2, 3, 4, 5]],
    ['2026-01-05T00:00Z', [5, 6, 4, 7, 3]],
  ])('%j', (text, numbers) => {
    expect(nearest(parseVersionSelector(text), versions).map(({ number }) => number)).toEqual(numbers);
  });
});

describe('versionNotFound', () => {
  it('shows what the candidates have instead', () => {
    const error = versionNotFound(
      'run:7',
      parseVersionSelector('run:7'),
      versions.slice(0, 2),
      { prefix: 'p', series: 's' },
      new Map([
        ['v1', ''],
        ['v2', 'run:8'],
      ]),
    );
    expect(error.message).toBe(
      'The version "run:7" was not found: the series "s" below the prefix "p" has no version of that run; the nearest are v1, v2 (run:8).',
    );
    expect(error.class).toBe('not-found');
    expect(error.details.hint).toBe('Name one of these, or list the series to see them all.');
  });

  it.each([
    ['99', 'of that number; the nearest is v1.'],
    ['2025-01-01', 'at or before it; the nearest is v1.'],
    ['1234567', 'of that number or of that commit; the nearest is v1.'],
    ['dist_full_20261122T080910Z_000001', 'of that ID; the nearest is v1.'],
  ])('says of %s what the series does not have', (text, end) => {
    const location = { prefix: 'p', series: 's' };
    const error = versionNotFound(text, parseVersionSelector(text), versions.slice(0, 1), location, new Map());
    expect(error.message).toBe(
      `The version "${text}" was not found: the series "s" below the prefix "p" has no version ${end}`,
    );
    expect(error.details.hint).toBe('Name that one, the only one of the series, or write `latest`.');
  });
});
