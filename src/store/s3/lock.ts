import {
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { isClass } from '../../errors.ts';
import type { ObjectKey } from '../object-key.ts';
import type { LockMode, ObjectLock, ObjectLocking } from '../object-store.ts';
import type { S3Connection } from './connection.ts';

/** How a bucket says that it has none, and a store that it knows no such thing. */
const NO_OBJECT_LOCK_CODES = new Set(['ObjectLockConfigurationNotFoundError', 'NotImplemented', 'MethodNotAllowed']);

type LockInput = Pick<
  PutObjectCommandInput,
  'ObjectLockMode' | 'ObjectLockRetainUntilDate' | 'ObjectLockLegalHoldStatus'
>;

/** The lock as PutObject and CreateMultipartUpload take it. */
export function lockInput(lock: ObjectLock | undefined): LockInput {
  if (lock === undefined) return {};
  const { mode, retainUntil, legalHold } = lock;
  return {
    ...(mode && retainUntil && { ObjectLockMode: mode, ObjectLockRetainUntilDate: retainUntil }),
    ...(legalHold && { ObjectLockLegalHoldStatus: 'ON' as const }),
  };
}

/** Whether the bucket was made for Object Lock. Where that may not be asked, the first locked PUT tells. */
export async function objectLocking(connection: S3Connection): Promise<ObjectLocking> {
  try {
    const { ObjectLockConfiguration } = await connection.send(
      { operation: 'GetObjectLockConfiguration' },
      (client, options) => client.send(new GetObjectLockConfigurationCommand(connection.target), options),
    );
    return ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled' ? 'enabled' : 'off';
  } catch (error) {
    if (!isClass(error, 'permanent', 'not-found')) throw error;
    return NO_OBJECT_LOCK_CODES.has(error.details.code ?? '') ? 'off' : 'unknown';
  }
}

/** See `ObjectStore.retain`. */
export async function retain(connection: S3Connection, key: ObjectKey, mode: LockMode, until: Date): Promise<void> {
  const input = { ...connection.target, Key: key, Retention: { Mode: mode, RetainUntilDate: until } };
  await connection.send({ operation: 'PutObjectRetention', key }, (client, options) =>
    client.send(new PutObjectRetentionCommand(input), options),
  );
}

/** See `ObjectStore.hold`. */
export async function hold(connection: S3Connection, key: ObjectKey): Promise<void> {
  const input = { ...connection.target, Key: key, LegalHold: { Status: 'ON' as const } };
  await connection.send({ operation: 'PutObjectLegalHold', key }, (client, options) =>
    client.send(new PutObjectLegalHoldCommand(input), options),
  );
}

/** Locks an object that was created with a lock and has not got it; Ceph 16 drops that of an upload in parts. */
export async function lockWhereDropped(connection: S3Connection, key: ObjectKey, lock: ObjectLock): Promise<void> {
  const input = { ...connection.target, Key: key };
  const found = await connection.send({ operation: 'HeadObject', key }, (client, options) =>
    client.send(new HeadObjectCommand(input), options),
  );
  const { mode, retainUntil, legalHold } = lock;
  if (mode && retainUntil && found.ObjectLockMode === undefined) await retain(connection, key, mode, retainUntil);
  if (legalHold && found.ObjectLockLegalHoldStatus !== 'ON') await hold(connection, key);
}
