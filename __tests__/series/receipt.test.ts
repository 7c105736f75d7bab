import { describe, expect, it } from '@jest/globals';
import { hasSameEtag, orderedReceipt, type Receipt, receiptOf, receiptSchema } from '../../src/series/receipt.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('receiptOf', () => {
  it.each([
    ['an MD5 where the ETag is one', { etag: `"${md5}"`, md5 }, undefined, { md5 }],
    ['any other ETag, without quotes', { etag: `"${md5}-2"` }, undefined, { etag: `${md5}-2` }],
    ['the CRC-32 of what was sent in parts', { etag: `"${md5}-2"` }, 0xbeef, { etag: `${md5}-2`, crc32: '0000beef' }],
    ['nothing where a store says nothing', { versionId: 'null' }, undefined, undefined],
  ])('keeps %s', (_, stored, crc32, expected) => {
    const receipt = receiptOf(stored, crc32);
    expect(receipt).toEqual(expected);
    if (receipt !== undefined) expect(receiptSchema.parse(receipt)).toEqual(receipt);
  });
});

describe('hasSameEtag', () => {
  it.each<[boolean, Receipt | undefined, string | undefined]>([
    [true, { md5 }, `"${md5}"`],
    [true, { md5 }, md5],
    [true, { etag: `${md5}-2`, crc32: '00000000' }, `"${md5}-2"`],
    [false, { md5 }, `"${md5}-1"`],
    [false, { etag: `${md5}-2` }, `"${md5}-3"`],
    [false, { md5 }, undefined],
    [false, { crc32: '00000000' }, '"00000000"'],
    [false, undefined, `"${md5}"`],
  ])('is %j for %j and %j', (expected, receipt, etag) => {
    expect(hasSameEtag(receipt, etag)).toBe(expected);
  });
});

it('is written in one order', () => {
  expect(JSON.stringify(orderedReceipt({ crc32: '00000001', md5 }))).toBe(`{"md5":"${md5}","crc32":"00000001"}`);
});
