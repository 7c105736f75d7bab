import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectInfo, ObjectLock, StoredObject } from '../object-store.ts';

/** What a HEAD says, in the seam's words. */
export function objectInfo(head: HeadObjectCommandOutput): ObjectInfo {
  const lock = objectLock(head);
  const sha256 = wholeChecksum(head.ChecksumSHA256);
  const crc32 = wholeChecksum(head.ChecksumCRC32);
  return {
    ...storedObject(head),
    size: head.ContentLength ?? 0,
    lastModified: head.LastModified ?? new Date(0),
    ...(sha256 && { sha256 }),
    ...(crc32 && { crc32 }),
    ...(lock && { lock }),
  };
}

/** What a reply says of the object that is there now, as the SDK names it. */
export interface ObjectReply {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

/** An ETag that is an MD5: one in parts ends in `-<parts>`. */
const MD5_ETAG = /^"?([0-9a-f]{32})"?$/;

export function storedObject(reply: ObjectReply): StoredObject {
  const md5 = md5Of(reply);
  return {
    ...(reply.ETag && { etag: reply.ETag }),
    ...(md5 && { md5 }),
    ...(reply.VersionId && { versionId: reply.VersionId }),
  };
}

/** The ETag is an MD5 unless the object came in parts or is under a key of KMS or of the customer (S3 API, Object). */
function md5Of({ ETag, ServerSideEncryption = 'AES256', SSECustomerAlgorithm }: ObjectReply): string | undefined {
  if (ServerSideEncryption !== 'AES256' || SSECustomerAlgorithm !== undefined) return undefined;
  return ETag && MD5_ETAG.exec(ETag)?.[1];
}

/**
 * In hex. One of part checksums ends in `-<parts>` and says nothing of the whole.
 * @param checksum Base64
 */
function wholeChecksum(checksum: string | undefined): string | undefined {
  if (checksum === undefined || checksum.includes('-')) return undefined;
  return Buffer.from(checksum, 'base64').toString('hex');
}

function objectLock(head: HeadObjectCommandOutput): ObjectLock | undefined {
  const { ObjectLockMode, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus } = head;
  if (ObjectLockMode === undefined && ObjectLockLegalHoldStatus === undefined) return undefined;
  return {
    ...(ObjectLockMode && { mode: ObjectLockMode }),
    ...(ObjectLockRetainUntilDate && { retainUntil: ObjectLockRetainUntilDate }),
    legalHold: ObjectLockLegalHoldStatus === 'ON',
  };
}
