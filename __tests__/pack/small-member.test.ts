import { expect, it } from '@jest/globals';
import { isSmall, SMALL_SLICE_BYTES } from '../../src/pack/small-member.ts';

const MIB = 2 ** 20;

it('a member is small if it and the slice it is in fit into memory beside others', () => {
  expect(isSmall(4 * MIB, SMALL_SLICE_BYTES)).toBe(true);
  expect(isSmall(4 * MIB + 1, 10)).toBe(false);
  expect(isSmall(0, SMALL_SLICE_BYTES + 1)).toBe(false);
});
