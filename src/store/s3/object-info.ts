import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectInfo, ObjectLock } from '../object-store.ts';

/** What a HEAD says, in the seam's words. */
export function objectInfo(head: HeadObjectCommandOutput): ObjectInfo {
  const lock = objectLock(head);
  const sha256 = wholeSha256(head);
  return {
    size: head.ContentLength ?? 0,
    lastModified: head.LastModified ?? new Date(0),
    ...(head.ETag && { etag: head.ETag }),
    ...(head.VersionId && { versionId: head.VersionId }),
    ...(sha256 && { sha256 }),
    ...(lock && { lock }),
  };
}

/** A checksum of part checksums ends in `-<parts>` and says nothing of the whole. */
function wholeSha256({ ChecksumSHA256 }: HeadObjectCommandOutput): string | undefined {
  if (ChecksumSHA256 === undefined || ChecksumSHA256.includes('-')) return undefined;
  return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
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
