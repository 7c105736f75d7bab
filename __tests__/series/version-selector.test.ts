import { describe, expect, it } from '@jest/globals';
import { parseVersionSelector } from '../../src/series/version-selector.ts';

const time = (instant: string) => ({ kind: 'time', atOrBefore: new Date(instant) });

describe('parseVersionSelector', () => {
  it.each([
    ['latest', [{ kind: 'latest' }]],
    ['1', [{ kind: 'number', number: 1 }]],
    ['000003', [{ kind: 'number', number: 3 }]],
    ['007', [{ kind: 'number', number: 7 }]],
    ['0000003', [{ kind: 'commit', prefix: '0000003' }]],
    ['123456', [{ kind: 'number', number: 123456 }]],
    ['dist_full_20261122T080910Z_000042', [{ kind: 'id', id: 'dist_full_20261122T080910Z_000042' }]],
    ['run:16588', [{ kind: 'run', runId: '16588' }]],
    ['0123abc', [{ kind: 'commit', prefix: '0123abc' }]],
    ['ABCDEF0', [{ kind: 'commit', prefix: 'abcdef0' }]],
    ['a'.repeat(40), [{ kind: 'commit', prefix: 'a'.repeat(40) }]],
    ['2026-11-20', [time('2026-11-20T23:59:59.999Z')]],
    ['2024-02-29', [time('2024-02-29T23:59:59.999Z')]],
    ['2026-11-20T08:00Z', [time('2026-11-20T08:00:00Z')]],
    ['2026-11-20T08:00', [time('2026-11-20T08:00:00Z')]],
    ['2026-11-20 08:00:01', [time('2026-11-20T08:00:01Z')]],
    ['2026-11-20T08:00:01.5Z', [time('2026-11-20T08:00:01.500Z')]],
    ['2026-11-20T08:00+02:00', [time('2026-11-20T06:00:00Z')]],
  ])('%j', (text, expected) => {
    expect(parseVersionSelector(text)).toEqual(expected);
  });

  it('tries a number before a commit of the same digits', () => {
    expect(parseVersionSelector('1234567')).toEqual([
      { kind: 'number', number: 1234567 },
      { kind: 'commit', prefix: '1234567' },
    ]);
    expect(parseVersionSelector('20261120')).toHaveLength(2);
  });

  it.each([
    ...['', 'newest', 'Latest', '0', '-1', '1.5', '000', 'abcdef', 'v1', 'run:', 'run:x', 'run: 1'],
    ...['2026-02-30', '2026-13-01', '2026-11-20T24:30Z', '2026-11-20T08', '20-11-2026', '2026-11', 'g'.repeat(40)],
    ...['a'.repeat(65), 'dist_full_20261322T080910Z_000042', ' 1'],
  ])('finds no meaning in %j', (text) => {
    expect(parseVersionSelector(text)).toEqual([]);
  });
});
