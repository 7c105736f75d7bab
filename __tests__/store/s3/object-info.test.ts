import { describe, expect, it } from '@jest/globals';
import { objectInfo, storedObject } from '../../../src/store/s3/object-info.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
const ETag = `"${md5}"`;

describe('the MD5 of an object', () => {
  it.each([
    ['its ETag where it came in one piece', { ETag }, md5],
    ['its ETag under a key of S3', { ETag, ServerSideEncryption: 'AES256' }, md5],
    ['unknown under a key of KMS', { ETag, ServerSideEncryption: 'aws:kms' }, undefined],
    ['unknown under two of them', { ETag, ServerSideEncryption: 'aws:kms:dsse' }, undefined],
    ['unknown under a key of the customer', { ETag, SSECustomerAlgorithm: 'AES256' }, undefined],
    ['unknown where it came in parts', { ETag: `"${md5}-2"` }, undefined],
    ['unknown where the store says nothing', {}, undefined],
  ])('is %s', (_, reply, expected) => {
    expect(storedObject(reply).md5).toBe(expected);
  });
});

it('says which checksums are of the whole', () => {
  const [ChecksumSHA256, ChecksumCRC32] = [Buffer.alloc(32, 1).toString('base64'), 'AAAAAQ=='];
  const whole = objectInfo({ $metadata: {}, ETag, ChecksumSHA256, ChecksumCRC32 });
  expect(whole).toMatchObject({ etag: ETag, md5, sha256: '01'.repeat(32), crc32: '00000001' });
  const parts = objectInfo({ $metadata: {}, ChecksumSHA256: `${ChecksumSHA256}-2`, ChecksumCRC32: 'AAAAAQ==-2' });
  expect(parts).toEqual({ size: 0, lastModified: new Date(0) });
});
