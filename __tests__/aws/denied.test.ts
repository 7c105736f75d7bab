import { describe, expect, it } from '@jest/globals';
import { explainDenied } from '../../src/aws/denied.ts';
import type { StoreRequest } from '../../src/aws/store-request.ts';

const REQUEST: StoreRequest = { operation: 'PutObject', bucket: 'acme', key: 'backups/x' };
const denied = (message: string, request: Partial<StoreRequest> = {}) =>
  explainDenied({ code: 'AccessDenied', message, httpStatus: 403 }, { ...REQUEST, ...request });

describe('explainDenied', () => {
  it.each([
    [{ operation: 'PutObject' }, 's3:PutObject on'],
    [{ operation: 'PutObject', tagging: true }, 's3:PutObject and s3:PutObjectTagging on'],
    [{ operation: 'UploadPart' }, 's3:PutObject on'],
    [{ operation: 'ListObjectsV2' }, 's3:ListBucket on'],
    [{ operation: 'DeleteObject', versioned: true }, 's3:DeleteObjectVersion on'],
    [{ operation: 'ListMultipartUploads' }, 's3:ListBucketMultipartUploads on'],
  ])('names the action that %j needs', (request, action) => {
    expect(denied('Access Denied', request).hint).toContain(`Allow ${action}`);
  });

  it('prefers the action Amazon names', () => {
    const words =
      'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:PutObjectTagging on resource: "arn:aws:s3:::acme/backups/x" because no identity-based policy allows the s3:PutObjectTagging action';
    const { message, hint } = denied(words);
    expect(message).toContain('(needs s3:PutObjectTagging)');
    expect(hint).toContain('Allow s3:PutObjectTagging on arn:aws:s3:::acme/*');
  });

  it('names the bucket for what is done to the bucket', () => {
    const { operation, bucket } = { operation: 'ListObjectsV2', bucket: 'acme' };
    const { hint } = explainDenied({ message: '' }, { operation, bucket });
    expect(hint).toContain('on arn:aws:s3:::acme in');
  });

  it.each([
    [
      'is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:x',
      'Allow kms:GenerateDataKey on the KMS key',
    ],
    [
      'is not authorized to perform: s3:PutObject because no session policy allows the s3:PutObject action',
      'session-policy: none',
    ],
    [
      'is not authorized to perform: s3:PutObject with an explicit deny in a resource-based policy',
      'the deny has to go',
    ],
    ['Access Denied because object protected by object lock.', 'locked'],
  ])('%s', (words, remedy) => {
    expect(denied(words).hint).toContain(remedy);
  });

  it('grants a listing on the bucket, although its prefix is shown as a key', () => {
    const { hint } = denied('', { operation: 'ListObjectsV2', key: 'backups/' });
    expect(hint).toContain('Allow s3:ListBucket on arn:aws:s3:::acme in');
  });

  it('thinks of the owner of the bucket', () => {
    expect(denied('Access Denied', { expectedBucketOwner: '111122223333' }).hint).toContain(
      'expected-bucket-owner, "111122223333"',
    );
    expect(denied('Access Denied').hint).not.toContain('expected-bucket-owner');
    expect(denied('Access Denied', { expectedBucketOwner: '111122223333' }).message).toMatch(
      /^expected-bucket-owner is "111122223333", and .* denied .*: either the bucket belongs to another account, /,
    );
    const named = 'User: x is not authorized to perform: s3:PutObject on resource: "y"';
    expect(denied(named, { expectedBucketOwner: '111122223333' }).message).not.toContain('expected-bucket-owner is');
  });

  it('thinks of an object that is not there', () => {
    expect(denied('', { operation: 'HeadObject' }).hint).toContain('does not exist');
  });

  it('keeps a hostile key on its line', () => {
    expect(denied('Access Denied', { key: 'a\n::error::b' }).message).not.toContain('\n');
  });
});
