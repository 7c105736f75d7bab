import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { etagOfParts, isSamePart } from '../../src/store/same-part.ts';

const bytes = Buffer.from('a part');
const part = { number: 1, bytes, crc32: crc32(bytes) };
const md5 = createHash('md5').update(bytes).digest('hex');

describe('isSamePart', () => {
  it.each([
    ['checksum, whatever the ETag: it is no MD5 under a key of KMS', { size: 6, etag: '"0"', crc32: part.crc32 }, true],
    ['MD5', { size: 6, etag: `"${md5}"` }, true],
    ['MD5 without quotes', { size: 6, etag: md5 }, true],
    ['another checksum', { size: 6, etag: `"${md5}"`, crc32: 1 }, false],
    ['another MD5', { size: 6, etag: `"${'0'.repeat(32)}"` }, false],
    ['another size', { size: 5, etag: `"${md5}"`, crc32: part.crc32 }, false],
    ['an ETag that is no MD5', { size: 6, etag: '"7-a"' }, false],
    ['nothing but its size', { size: 6 }, false],
    ['nothing', undefined, false],
  ])('by %s', (_what, listed, expected) => {
    expect(isSamePart(listed, part)).toBe(expected);
  });

  it('compares checksums as unsigned numbers', () => {
    const high = { number: 1, bytes: Buffer.from('b'), crc32: 0x80000001 | 0 };
    expect(isSamePart({ size: 1, crc32: 0x80000001 }, high)).toBe(true);
  });
});

describe('etagOfParts', () => {
  it('is the MD5 of the MD5s, and how many there are', () => {
    const whole = createHash('md5')
      .update(Buffer.from(md5 + md5, 'hex'))
      .digest('hex');
    expect(etagOfParts([`"${md5}"`, md5])).toBe(`${whole}-2`);
  });

  it('is not known where one of them is no MD5', () => {
    expect(etagOfParts([md5, '"opaque"'])).toBeUndefined();
    expect(etagOfParts([md5, undefined])).toBeUndefined();
  });
});
