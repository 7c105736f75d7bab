import { describe, expect, it } from '@jest/globals';
import { readEncryption, readStorageClass } from '../../src/inputs/encryption.ts';
import { readerOf } from '../github/support.ts';

const OTHER_STORE = false;
const AMAZON = true;

describe('readEncryption', () => {
  it('leaves the default of the bucket alone', () => expect(readEncryption(readerOf({}), AMAZON)).toBeUndefined());

  it.each(['AES256', 'aws:kms', 'aws:kms:dsse'])('takes %s without a key', (sse) => {
    expect(readEncryption(readerOf({ sse }), AMAZON)).toEqual({ algorithm: sse });
  });

  it.each([
    '1234abcd-12ab-34cd-56ef-1234567890ab',
    'mrk-1234abcd12ab34cd56ef1234567890ab',
    'alias/team/backup',
    'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/backup',
  ])('takes the key %s', (kmsKeyId) => {
    const reader = readerOf({ sse: 'aws:kms', 'sse-kms-key-id': kmsKeyId });
    expect(readEncryption(reader, AMAZON)).toEqual({ algorithm: 'aws:kms', kmsKeyId });
  });

  it('takes any name of a key in another store', () => {
    const reader = readerOf({ sse: 'aws:kms', 'sse-kms-key-id': 'my-minio-key' });
    expect(readEncryption(reader, OTHER_STORE)).toEqual({ algorithm: 'aws:kms', kmsKeyId: 'my-minio-key' });
    expect(() => readEncryption(reader, AMAZON)).toThrow('`sse-kms-key-id`');
  });
});

describe('readStorageClass', () => {
  it('leaves the default of the bucket alone', () => expect(readStorageClass(readerOf({}), AMAZON)).toBeUndefined());

  it('takes the classes of Amazon there, and any other elsewhere', () => {
    expect(readStorageClass(readerOf({ 'storage-class': 'DEEP_ARCHIVE' }), AMAZON)).toBe('DEEP_ARCHIVE');
    expect(readStorageClass(readerOf({ 'storage-class': 'COLD_2' }), OTHER_STORE)).toBe('COLD_2');
    expect(() => readStorageClass(readerOf({ 'storage-class': 'COLD_2' }), AMAZON)).toThrow('`storage-class`');
  });
});
