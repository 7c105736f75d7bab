import { expect, it } from '@jest/globals';
import { readRetryFor } from '../../src/inputs/patience.ts';
import { readerOf } from '../github/support.ts';

it.each([
  ['0s', 0],
  ['90s', 90_000],
  ['5m', 300_000],
  ['6h', 21_600_000],
])('reads the retry-for %s', (value, expected) => {
  expect(readRetryFor(readerOf({ 'retry-for': value }))).toBe(expected);
});

it.each(['', '5', '5 m', '1d', '7h', '-1s', '1.5m'])('refuses the retry-for %j', (value) => {
  expect(() => readRetryFor(readerOf({ 'retry-for': value }))).toThrow('`retry-for`');
});
