import { describe, expect, it } from '@jest/globals';
import type { HeaderMap } from '../../../../dev/s3-server/http/headers.ts';
import type { S3Request } from '../../../../dev/s3-server/http/request.ts';
import { requiredActions } from '../../../../dev/s3-server/policy/actions.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {}

const request = (query = '', headers: HeaderMap = {}): S3Request => ({
  method: 'GET',
  path: '/b/k',
  query: new URLSearchParams(query),
  headers,
  bucket: 'b',
  key: 'k',
  body: nothing,
});

describe('requiredActions', () => {
  it.each([
    ['PutObject', request(), ['s3:PutObject']],
    ['PutObject', request('', { 'x-amz-tagging': 'a=b' }), ['s3:PutObject', 's3:PutObjectTagging']],
    ['PutObject', request('', { 'if-match': '"x"' }), ['s3:PutObject', 's3:GetObject']],
    ['PutObject', request('', { 'x-amz-object-lock-mode': 'GOVERNANCE' }), ['s3:PutObject', 's3:PutObjectRetention']],
    [
      'CreateMultipartUpload',
      request('', { 'x-amz-object-lock-legal-hold': 'ON' }),
      ['s3:PutObject', 's3:PutObjectLegalHold'],
    ],
    ['CompleteMultipartUpload', request('', { 'if-none-match': '*' }), ['s3:PutObject']],
    ['GetObject', request(), ['s3:GetObject']],
    ['HeadObject', request('versionId=v'), ['s3:GetObjectVersion']],
    ['GetObjectTagging', request('versionId=v'), ['s3:GetObjectVersionTagging']],
    ['GetObjectAttributes', request(), ['s3:GetObject', 's3:GetObjectAttributes']],
    ['DeleteObject', request(), ['s3:DeleteObject']],
    ['DeleteObject', request('versionId=v'), ['s3:DeleteObjectVersion']],
    [
      'DeleteObject',
      request('versionId=v', { 'x-amz-bypass-governance-retention': 'true' }),
      ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
    ],
    ['DeleteObject', request('', { 'if-match': '*' }), ['s3:DeleteObject', 's3:GetObject']],
    ['DeleteObjects', request(), []],
    ['HeadBucket', request(), ['s3:ListBucket']],
    ['ListObjectVersions', request(), ['s3:ListBucketVersions']],
    ['ListMultipartUploads', request(), ['s3:ListBucketMultipartUploads']],
    ['ListParts', request(), ['s3:ListMultipartUploadParts']],
    ['AbortMultipartUpload', request(), ['s3:AbortMultipartUpload']],
    ['PutBucketPolicy', request(), ['s3:PutBucketPolicy']],
    ['DeleteBucketEncryption', request(), ['s3:PutEncryptionConfiguration']],
  ] as const)('%s %#: %j', (operation, asked, expected) => {
    expect(requiredActions(operation, asked)).toEqual(expected);
  });
});
