import { expect, it } from '@jest/globals';
import { packedBelow } from '../../src/transfer/layout.ts';

it.each([
  ['auto', 100, 0],
  ['auto', 101, 1000],
  ['files', 1_000_000, 0],
  ['archive', 0, Number.POSITIVE_INFINITY],
] as const)('%s with %d small files packs what is below %d bytes', (layout, smallFiles, below) => {
  expect(packedBelow({ layout, packBelow: 1000 }, smallFiles)).toBe(below);
});
