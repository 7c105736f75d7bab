import { describe, expect, it } from '@jest/globals';
import { BLOCK_BYTES, checksumOf, FIELDS, paddingOf } from '../../src/pack/tar-format.ts';

describe('paddingOf', () => {
  it.each([
    [0, 0],
    [1, 511],
    [511, 1],
    [512, 0],
    [2 ** 45 + 1, 511],
  ])('%d bytes are filled up by %d', (size, padding) => {
    expect(paddingOf(size)).toBe(padding);
  });
});

describe('checksumOf', () => {
  it('counts the checksum itself as spaces, whatever stands there', () => {
    const block = Buffer.alloc(BLOCK_BYTES);
    expect(checksumOf(block)).toBe(8 * 0x20);
    block.fill(0xff, FIELDS.checksum[0], FIELDS.checksum[0] + FIELDS.checksum[1]);
    block.writeUInt8(7, BLOCK_BYTES - 1);
    expect(checksumOf(block)).toBe(8 * 0x20 + 7);
  });
});
