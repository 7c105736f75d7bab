import type { z } from 'zod';
import type { Encryption } from '../store/s3/connection.ts';
import { form, present } from './fields.ts';
import { type InputReader, listed, refused } from './reader.ts';

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

/** Classes of Amazon S3 that general purpose buckets take in a PUT (API reference, PutObject, `x-amz-storage-class`). */
const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
  'REDUCED_REDUNDANCY',
] as const;

/** A key's ID or ARN, or an alias's name or ARN (KMS API reference, `KeyId`). */
const KMS_KEY =
  /^(arn:aws[-a-z]*:kms:[a-z0-9-]+:\d{12}:(key\/[A-Za-z0-9-]+|alias\/[\w/-]+)|alias\/[\w/-]+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @returns undefined for the bucket's default. @throws InputError */
export function readEncryption(reader: InputReader, isAmazon: boolean): Encryption | undefined {
  const algorithm = reader.optionalChoice('sse', ALGORITHMS);
  const kmsKeyId = reader.optional('sse-kms-key-id', kmsKeySchema(isAmazon));
  if (kmsKeyId !== undefined && (algorithm === undefined || algorithm === 'AES256')) {
    const rule = 'a KMS key needs `sse` to be `aws:kms` or `aws:kms:dsse`: set `sse` or leave the key out';
    throw refused('sse-kms-key-id', kmsKeyId, rule);
  }
  return algorithm === undefined ? undefined : present({ algorithm, kmsKeyId });
}

/** @returns undefined for the bucket's default. @throws InputError */
export function readStorageClass(reader: InputReader, isAmazon: boolean): string | undefined {
  return isAmazon
    ? reader.optionalChoice('storage-class', STORAGE_CLASSES)
    : reader.optional(
        'storage-class',
        form(/^[A-Z0-9_]{1,64}$/, `it has capitals, digits and \`_\`, as ${listed(STORAGE_CLASSES)}: correct it`),
      );
}

/** Other stores name their keys as they like. */
function kmsKeySchema(isAmazon: boolean): z.ZodType<string, string> {
  return isAmazon
    ? form(KMS_KEY, 'it must be the ID, ARN or alias of a KMS key: copy the ARN from the page of the key in KMS')
    : form(/^[\x21-\x7e]{1,2048}$/, 'it must be the name of a key, without spaces: correct it');
}
