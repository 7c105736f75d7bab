import { describe, expect, it } from '@jest/globals';
import { parseSpan, readPolicy } from '../../src/inputs/retention-policy.ts';
import { readerOf } from '../github/support.ts';

describe('parseSpan', () => {
  it.each([
    ['7d', { years: 0, months: 0, days: 7, hours: 0 }],
    ['1y6m', { years: 1, months: 6, days: 0, hours: 0 }],
    ['36h', { years: 0, months: 0, days: 0, hours: 36 }],
    ['2y5m1w7d3h', { years: 2, months: 5, days: 14, hours: 3 }],
    ['1000y', { years: 1000, months: 0, days: 0, hours: 0 }],
  ])('reads %s', (text, span) => expect(parseSpan(text)).toEqual({ ...span, text }));

  it.each(['', '0d', '0y0m', '7', 'd', '7D', '1d1d', '1h1d', '7 d', '1001y', '99999m', '-1d', 'P7D'])(
    'refuses %j',
    (text) => expect(parseSpan(text)).toBeUndefined(),
  );
});

describe('readPolicy', () => {
  it('reads the tags to keep, line by line', () => {
    const { keepTags } = readPolicy(readerOf({ 'keep-tag': ' release = true\n\nkept\nquery=a=b\nempty=' }));
    expect(keepTags).toEqual([
      { key: 'release', value: 'true' },
      { key: 'kept' },
      { key: 'query', value: 'a=b' },
      { key: 'empty', value: '' },
    ]);
  });

  it('takes an age for a policy of its own', () => {
    expect(readPolicy(readerOf({ 'keep-last': '0', 'max-age': '90d' }))).toMatchObject({ maxAge: { days: 90 } });
  });
});
