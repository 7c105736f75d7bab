import { expect, it } from '@jest/globals';
import { readTransferInputs } from '../../src/inputs/transfer.ts';
import { readerOf } from '../github/support.ts';

it.each([
  ['1', '5MiB', '17MB', { concurrency: 1, partSize: 5 * 2 ** 20, maxMemory: 17e6 }],
  ['256', '5GiB', '6GB', { concurrency: 256, partSize: 5 * 2 ** 30, maxMemory: 6e9 }],
  ['32', '16777216', '256MB', { concurrency: 32, partSize: 16_777_216, maxMemory: 256e6 }],
])('reads concurrency %s, part-size %s and max-memory %s', (concurrency, partSize, maxMemory, expected) => {
  const inputs = { concurrency, 'part-size': partSize, 'max-memory': maxMemory };
  expect(readTransferInputs(readerOf(inputs))).toMatchObject(expected);
});

it('takes the least max-memory with everything else by default', () => {
  expect(readTransferInputs(readerOf({ 'max-memory': '17MB' }))).toMatchObject({ layout: 'auto', maxMemory: 17e6 });
});

it.each(['16999999', '1001GB', '0.5GB', ''])('refuses the max-memory %j', (value) => {
  expect(() => readTransferInputs(readerOf({ 'max-memory': value }))).toThrow('`max-memory`');
});

it.each([
  ['auto', 32_000_000 - 8 * 2 ** 20, ', beside the 8388608 bytes that packs are made with,'],
  ['archive', 32_000_000 - 8 * 2 ** 20, ', beside the 8388608 bytes that packs are made with,'],
  ['files', 32_000_000, ''],
])('refuses with layout %s a part of %d bytes, one more than max-memory has room for', (layout, bytes, beside) => {
  const read = (partSize: number) =>
    readTransferInputs(readerOf({ layout, 'part-size': String(partSize), 'max-memory': '32MB' }));
  expect(() => read(bytes)).toThrow(
    `The input \`part-size\` is "${bytes}", but a part${beside} has to fit into \`max-memory\` (32000000 bytes): lower it, or raise \`max-memory\` above 32000000 bytes.`,
  );
  expect(read(bytes - 1)).toMatchObject({ partSize: bytes - 1 });
});

it.each(['5242879', '5368709121'])('refuses the part size %s, a byte beyond the limits of S3', (partSize) => {
  expect(() => readTransferInputs(readerOf({ 'part-size': partSize }))).toThrow('`part-size`');
});

it('reads how files become objects', () => {
  const inputs = {
    layout: 'archive',
    'pack-below': '1KiB',
    'pack-size': '5GiB',
    'compression-level': '1',
    compression: 'off',
  };
  expect(readTransferInputs(readerOf(inputs))).toMatchObject({
    layout: 'archive',
    packBelow: 1024,
    packSize: 5 * 2 ** 30,
    compressionLevel: 1,
    compression: 'off',
  });
});
