import { checksumHeader } from '../checksums/algorithms.ts';
import type { HeaderMap } from '../http/headers.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { Encryption, ObjectChecksum, ObjectVersion, Version } from '../storage/objects.ts';

export const encryptionHeaders = ({ algorithm, kmsKeyId, customerKeyMd5 }: Encryption): HeaderMap => ({
  'x-amz-server-side-encryption': algorithm,
  'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId,
  'x-amz-server-side-encryption-customer-algorithm': customerKeyMd5 === undefined ? undefined : 'AES256',
  'x-amz-server-side-encryption-customer-key-md5': customerKeyMd5,
});

export const checksumHeaders = (checksum: ObjectChecksum | undefined): HeaderMap =>
  checksum?.value === undefined
    ? {}
    : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };

/** The version's id, where the bucket keeps versions. */
export const versionHeader = (bucket: Bucket, { versionId }: Version): HeaderMap => ({
  'x-amz-version-id': bucket.versioning === undefined ? undefined : versionId,
});

/** What may be told about an object's lock: S3 leaves out what the caller may not read. */
export interface LockVisibility {
  readonly retention: boolean;
  readonly legalHold: boolean;
}

const lockHeaders = ({ lock }: ObjectVersion, visible: LockVisibility): HeaderMap => ({
  'x-amz-object-lock-mode': visible.retention ? lock.mode : undefined,
  'x-amz-object-lock-retain-until-date': visible.retention ? lock.until?.toISOString() : undefined,
  'x-amz-object-lock-legal-hold': visible.legalHold ? lock.legalHold : undefined,
});

/** The headers with which GetObject and HeadObject describe an object. */
export function objectHeaders(bucket: Bucket, object: ObjectVersion, visible: LockVisibility): HeaderMap {
  const { properties, tags } = object;
  return {
    'content-type': 'binary/octet-stream',
    ...properties.headers,
    etag: object.etag,
    'last-modified': object.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-storage-class': properties.storageClass === 'STANDARD' ? undefined : properties.storageClass,
    'x-amz-tagging-count': tags.length === 0 ? undefined : String(tags.length),
    ...lockHeaders(object, visible),
    ...encryptionHeaders(properties.encryption),
    ...versionHeader(bucket, object),
  };
}
