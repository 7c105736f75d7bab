import { describe, expect, it } from '@jest/globals';
import type { HeaderMap } from '../../../dev/s3-server/http/headers.ts';
import type { S3Request } from '../../../dev/s3-server/http/request.ts';
import type { S3Operation } from '../../../dev/s3-server/http/routes.ts';
import { AMAZON, asSeenBy, type Personality } from '../../../dev/s3-server/personality.ts';
import { parsePersonality } from '../../../dev/s3-server/personality-schema.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {}

const request = (headers: HeaderMap): S3Request => ({
  method: 'PUT',
  path: '/b/k',
  query: new URLSearchParams(),
  headers,
  bucket: 'b',
  key: 'k',
  body: nothing,
});
const see = (changes: Partial<Personality>, operation: S3Operation, headers: HeaderMap): S3Request =>
  asSeenBy({ ...AMAZON, ...changes }, operation, request(headers));

describe('asSeenBy', () => {
  it('changes nothing for Amazon', () => {
    const all = request({ 'if-none-match': '*', 'x-amz-tagging': 'a=b', 'x-amz-checksum-type': 'FULL_OBJECT' });
    expect(asSeenBy(AMAZON, 'PutObject', all)).toBe(all);
  });

  it.each([
    ['conditional writes', { conditionalWrites: 'ignored' }, 'PutObject', { 'if-none-match': '*' }],
    ['checksums', { checksums: 'ignored' }, 'PutObject', { 'x-amz-checksum-crc32': 'AAAA', 'x-amz-trailer': 'x' }],
    [
      'what an upload in parts is opened with',
      { multipartProperties: 'dropped' },
      'CreateMultipartUpload',
      { 'x-amz-tagging': 'a=b', 'x-amz-object-lock-mode': 'GOVERNANCE' },
    ],
    ['the expected owner', { expectedBucketOwner: 'ignored' }, 'GetObject', { 'x-amz-expected-bucket-owner': '1' }],
  ] as const)('passes over %s', (_, changes, operation, headers) => {
    expect(see(changes, operation, { ...headers, host: 'h' }).headers).toEqual({ host: 'h' });
  });

  it('still judges the conditions of reads', () => {
    const headers = { 'if-none-match': '"x"' };
    expect(see({ conditionalWrites: 'ignored' }, 'GetObject', headers).headers).toEqual(headers);
  });

  it.each([
    [
      { conditionalWrites: 'notImplemented' },
      'PutObject',
      { 'if-none-match': '*' },
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    ],
    [
      { tagging: 'notImplemented' },
      'PutObject',
      { 'x-amz-tagging': 'a=b' },
      501,
      'NotImplemented',
      "Header 'x-amz-tagging' with value 'a=b' not implemented",
    ],
    [
      { tagging: 'notImplemented' },
      'CreateMultipartUpload',
      { 'x-amz-tagging': '' },
      501,
      'NotImplemented',
      "Header 'x-amz-tagging' with value '' not implemented",
    ],
    [{ tagging: 'notImplemented' }, 'PutObjectTagging', {}, 501, 'NotImplemented', 'PutObjectTagging not implemented'],
    [
      { tagging: 'invalidArgument' },
      'PutObject',
      { 'x-amz-tagging': 'a=b' },
      400,
      'InvalidArgument',
      "Unsupported header 'x-amz-tagging' received for this API call.",
    ],
    [
      { checksums: 'notImplemented' },
      'PutObject',
      { 'x-amz-checksum-crc32': 'AA' },
      501,
      'NotImplemented',
      "Header 'x-amz-checksum-crc32' with value 'AA' not implemented",
    ],
    [
      { fullObjectChecksums: false },
      'CreateMultipartUpload',
      { 'x-amz-checksum-type': 'FULL_OBJECT' },
      501,
      'NotImplemented',
      "Header 'x-amz-checksum-type' with value 'FULL_OBJECT' not implemented",
    ],
    [
      { bulkDelete: 'missingContentMd5' },
      'DeleteObjects',
      {},
      400,
      'MissingContentMD5',
      'Missing required header for this request: Content-MD5',
    ],
    [
      { bulkDelete: 'notImplemented' },
      'DeleteObjects',
      { 'content-md5': 'x' },
      501,
      'NotImplemented',
      'DeleteObjects not implemented',
    ],
    [
      { expectedBucketOwner: 'notImplemented' },
      'GetObject',
      { 'x-amz-expected-bucket-owner': '1' },
      501,
      'NotImplemented',
      "Header 'x-amz-expected-bucket-owner' with value '1' not implemented",
    ],
  ] as const)('%j refuses %s %j', (changes, operation, headers, status, code, message) => {
    expect(() => see(changes, operation, headers)).toThrow(expect.objectContaining({ status, code, message }));
  });

  it('takes DeleteObjects with the MD5 it wants', () => {
    const headers = { 'content-md5': 'x' };
    expect(see({ bulkDelete: 'missingContentMd5' }, 'DeleteObjects', headers).headers).toEqual(headers);
  });
});

describe('parsePersonality', () => {
  it('reads what it knows and names what it does not', () => {
    expect(parsePersonality({ tagging: 'notImplemented', maxKeysPerPage: 2 })).toEqual({
      tagging: 'notImplemented',
      maxKeysPerPage: 2,
    });
    expect(() => parsePersonality({ taging: true })).toThrow(/taging/);
    expect(() => parsePersonality({ tagging: 'no' })).toThrow(/tagging/);
  });
});
