import { describe, expect, it } from '@jest/globals';
import type { HeaderMap } from '../../../../dev/s3-server/http/headers.ts';
import type { S3Request } from '../../../../dev/s3-server/http/request.ts';
import { operationOf } from '../../../../dev/s3-server/http/routes.ts';

async function* nothing(): AsyncGenerator<Uint8Array> {}

const request = (method: string, bucket: string, key: string, query = '', headers: HeaderMap = {}): S3Request => ({
  method,
  path: `/${bucket}/${key}`,
  query: new URLSearchParams(query),
  headers,
  bucket,
  key,
  body: nothing,
});
const copies = { 'x-amz-copy-source': 'b/k' };

describe('operationOf', () => {
  it.each([
    ['ListBuckets', request('GET', '', '')],
    ['CreateBucket', request('PUT', 'b', '')],
    ['HeadBucket', request('HEAD', 'b', '')],
    ['ListObjects', request('GET', 'b', '', 'prefix=x')],
    ['ListObjectsV2', request('GET', 'b', '', 'list-type=2&prefix=x')],
    ['ListObjectVersions', request('GET', 'b', '', 'versions')],
    ['ListMultipartUploads', request('GET', 'b', '', 'uploads')],
    ['DeleteObjects', request('POST', 'b', '', 'delete&x-id=DeleteObjects')],
    ['PutBucketLifecycleConfiguration', request('PUT', 'b', '', 'lifecycle')],
    ['GetBucketPolicy', request('GET', 'b', '', 'policy')],
    ['PutObject', request('PUT', 'b', 'k', 'x-id=PutObject')],
    ['CopyObject', request('PUT', 'b', 'k', '', copies)],
    ['GetObject', request('GET', 'b', 'k', 'partNumber=1')],
    ['DeleteObject', request('DELETE', 'b', 'k', 'versionId=v')],
    ['CreateMultipartUpload', request('POST', 'b', 'k', 'uploads')],
    ['UploadPart', request('PUT', 'b', 'k', 'partNumber=1&uploadId=u')],
    ['UploadPartCopy', request('PUT', 'b', 'k', 'partNumber=1&uploadId=u', copies)],
    ['ListParts', request('GET', 'b', 'k', 'uploadId=u')],
    ['CompleteMultipartUpload', request('POST', 'b', 'k', 'uploadId=u')],
    ['AbortMultipartUpload', request('DELETE', 'b', 'k', 'uploadId=u')],
    ['PutObjectRetention', request('PUT', 'b', 'k', 'retention')],
  ])('%s', (operation, asked) => {
    expect(operationOf(asked)).toBe(operation);
  });

  it('refuses what S3 has and the server has not', () => {
    expect(() => operationOf(request('GET', 'b', 'k', 'acl'))).toThrow(expect.objectContaining({ status: 501 }));
    expect(() => operationOf(request('PATCH', 'b', 'k'))).toThrow(expect.objectContaining({ status: 405 }));
    expect(() => operationOf(request('DELETE', '', ''))).toThrow(expect.objectContaining({ status: 405 }));
  });
});
