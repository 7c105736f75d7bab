import { expect, it } from '@jest/globals';
import { readTransferInputs } from '../../src/inputs/transfer.ts';
import { readerOf } from '../github/support.ts';

it.each([
  ['1', '5MiB', { concurrency: 1, partSize: 5 * 2 ** 20 }],
  ['256', '5GiB', { concurrency: 256, partSize: 5 * 2 ** 30 }],
  ['32', '16777216', { concurrency: 32, partSize: 16_777_216 }],
])('reads concurrency %s and part-size %s', (concurrency, partSize, expected) => {
  expect(readTransferInputs(readerOf({ concurrency, 'part-size': partSize }))).toEqual(expected);
});

it.each(['5242879', '5368709121'])('refuses the part size %s, a byte beyond the limits of S3', (partSize) => {
  expect(() => readTransferInputs(readerOf({ 'part-size': partSize }))).toThrow('`part-size`');
});
