import { expect, it } from '@jest/globals';
import { parseBytes, parseDuration } from '../../src/inputs/quantities.ts';

it.each([
  ['0', 0],
  ['123', 123],
  ['5B', 5],
  ['5KB', 5000],
  ['5KiB', 5120],
  ['5MB', 5_000_000],
  ['5 MiB', 5_242_880],
  ['5GB', 5_000_000_000],
  ['5GiB', 5_368_709_120],
])('reads %j as %d bytes', (text, expected) => expect(parseBytes(text)).toBe(expected));

it.each(['', 'MiB', '5mib', '5M', '1.5MiB', '-5MiB', '5MiB ', '5TiB', '5toString', '9999999999999'])(
  'reads no bytes from %j',
  (text) => expect(parseBytes(text)).toBeUndefined(),
);

it.each([
  ['1h', 3_600_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
])('reads %j as %d ms', (text, expected) => expect(parseDuration(text)).toBe(expected));

it.each(['', '7', 'd', '7D', '7 d', '1.5d', '-7d', '7m', '9999999d'])('reads no duration from %j', (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);
