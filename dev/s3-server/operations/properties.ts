import { badRequest, invalidArgument, invalidRequest } from '../errors.ts';
import { type HeaderMap, headersWithPrefix } from '../http/headers.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { Encryption, ObjectLock, ObjectProperties } from '../storage/objects.ts';
import { tagsFromHeader } from './tags.ts';

const MAX_METADATA_BYTES = 2048;
const METADATA_PREFIX = 'x-amz-meta-';
const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
];
const SSE = 'x-amz-server-side-encryption';
const ENCRYPTIONS = ['AES256', 'aws:kms', 'aws:kms:dsse'];
const STORAGE_CLASSES = [
  ...['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING'],
  ...['GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'],
];

function userMetadata(headers: HeaderMap): Record<string, string> {
  const metadata = headersWithPrefix(headers, METADATA_PREFIX);
  const bytes = Object.entries(metadata)
    .map(([name, value]) => name.length - METADATA_PREFIX.length + Buffer.byteLength(value))
    .reduce((sum, size) => sum + size, 0);
  if (bytes > MAX_METADATA_BYTES) {
    throw badRequest('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  return metadata;
}

function contentHeaders(headers: HeaderMap): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  // aws-chunked describes the transfer, not the object
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const stored = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(',');
  return stored === '' ? kept : { ...kept, 'content-encoding': stored };
}

function bucketEncryption(bucket: Bucket): string {
  return /<SSEAlgorithm>([^<]*)/u.exec(bucket.configurations.get('encryption') ?? '')?.[1] ?? 'AES256';
}

function encryption(bucket: Bucket, headers: HeaderMap): Encryption {
  const customerKeyMd5 = headers[`${SSE}-customer-key-md5`];
  if (customerKeyMd5 !== undefined) return { algorithm: undefined, kmsKeyId: undefined, customerKeyMd5 };
  const algorithm = headers[SSE] ?? bucketEncryption(bucket);
  if (!ENCRYPTIONS.includes(algorithm)) throw invalidArgument('The encryption method specified is not supported');
  const kmsKeyId = algorithm.startsWith('aws:kms')
    ? (headers[`${SSE}-aws-kms-key-id`] ?? `arn:aws:kms:${bucket.region}:${bucket.owner}:key/default`)
    : undefined;
  return { algorithm, kmsKeyId, customerKeyMd5 };
}

/** @throws {S3Error} InvalidArgument for anything but the two modes. */
export function lockMode(text: string | undefined): 'GOVERNANCE' | 'COMPLIANCE' | undefined {
  if (text === undefined || text === 'GOVERNANCE' || text === 'COMPLIANCE') return text;
  throw invalidArgument('Unknown wormMode directive.');
}

/** @throws {S3Error} InvalidArgument for anything but ON and OFF. */
export function legalHold(text: string | undefined): 'ON' | 'OFF' | undefined {
  if (text === undefined || text === 'ON' || text === 'OFF') return text;
  throw invalidArgument('Legal Hold must be either of "ON" or "OFF"');
}

function objectLock(bucket: Bucket, headers: HeaderMap, now: Date): ObjectLock {
  const retainUntil = headers['x-amz-object-lock-retain-until-date'];
  const lock: ObjectLock = {
    mode: lockMode(headers['x-amz-object-lock-mode']),
    until: retainUntil === undefined ? undefined : new Date(retainUntil),
    legalHold: legalHold(headers['x-amz-object-lock-legal-hold']),
  };
  if ((lock.mode !== undefined || lock.legalHold !== undefined) && !bucket.objectLock) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  if ((lock.mode === undefined) !== (lock.until === undefined)) {
    throw invalidArgument('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  }
  if (lock.until !== undefined && !(lock.until > now)) {
    throw invalidArgument('The retain until date must be in the future!');
  }
  return lock;
}

function storageClass(headers: HeaderMap): string {
  const name = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!STORAGE_CLASSES.includes(name)) {
    throw badRequest('InvalidStorageClass', 'The storage class you specified is not valid');
  }
  return name;
}

/**
 * Everything about an object that its creation carries in headers.
 * @throws {S3Error} for values that S3 refuses.
 */
export function objectProperties(bucket: Bucket, headers: HeaderMap, now: Date): ObjectProperties {
  return {
    headers: { ...contentHeaders(headers), ...userMetadata(headers) },
    tags: tagsFromHeader(headers['x-amz-tagging']),
    storageClass: storageClass(headers),
    lock: objectLock(bucket, headers, now),
    encryption: encryption(bucket, headers),
  };
}
