import { describe, expect, it } from '@jest/globals';
import { objectProperties } from '../../../../dev/s3-server/operations/properties.ts';
import { makeBucket } from '../../../../dev/s3-server/storage/bucket.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = '2026-02-01T00:00:00.000Z';
const settings = { name: 'b', region: 'eu-west-1', owner: '123456789012' };
const plain = makeBucket(settings, NOW);
const locked = makeBucket({ ...settings, objectLock: true }, NOW);

describe('objectProperties', () => {
  it('keeps content headers and metadata, but not how the body was sent', () => {
    const headers = {
      'content-type': 'text/plain',
      'content-encoding': 'aws-chunked,gzip',
      'content-length': '1',
      'x-amz-meta-run': '7',
    };
    expect(objectProperties(plain, headers, NOW).headers).toEqual({
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
      'x-amz-meta-run': '7',
    });
  });

  it('encrypts as the request says, or the bucket, or as S3 does by itself', () => {
    const algorithm = (headers: Record<string, string>, bucket = plain) =>
      objectProperties(bucket, headers, NOW).encryption;
    expect(algorithm({}).algorithm).toBe('AES256');
    const configured = makeBucket(settings, NOW);
    configured.configurations.set('encryption', '<R><SSEAlgorithm>aws:kms</SSEAlgorithm></R>');
    expect(algorithm({}, configured)).toMatchObject({
      algorithm: 'aws:kms',
      kmsKeyId: expect.stringContaining(':key/'),
    });
    expect(algorithm({ 'x-amz-server-side-encryption': 'AES256' }, configured).algorithm).toBe('AES256');
  });

  it('reads a lock in a bucket that allows it', () => {
    const headers = { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': LATER };
    expect(objectProperties(locked, headers, NOW).lock).toEqual({
      mode: 'GOVERNANCE',
      until: new Date(LATER),
      legalHold: undefined,
    });
  });

  it.each([
    ['too much metadata', plain, { 'x-amz-meta-a': 'x'.repeat(2048) }, 'MetadataTooLarge'],
    ['an unknown storage class', plain, { 'x-amz-storage-class': 'CHEAP' }, 'InvalidStorageClass'],
    ['an unknown encryption', plain, { 'x-amz-server-side-encryption': 'rot13' }, 'InvalidArgument'],
    ['a lock where there are none', plain, { 'x-amz-object-lock-legal-hold': 'ON' }, 'InvalidRequest'],
    ['an unknown lock', locked, { 'x-amz-object-lock-mode': 'FOREVER' }, 'InvalidArgument'],
    ['a lock without an end', locked, { 'x-amz-object-lock-mode': 'GOVERNANCE' }, 'InvalidArgument'],
    [
      'a lock that has ended',
      locked,
      { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2025-01-01T00:00:00Z' },
      'InvalidArgument',
    ],
  ])('refuses %s', (_, bucket, headers, code) => {
    expect(() => objectProperties(bucket, headers, NOW)).toThrow(expect.objectContaining({ code, status: 400 }));
  });
});
