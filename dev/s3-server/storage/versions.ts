import { randomBytes } from 'node:crypto';
import { accessDenied, noSuchKey, noSuchVersion } from '../errors.ts';
import type { BodyStore } from './bodies.ts';
import type { Bucket } from './bucket.ts';
import type { NewObject, ObjectLock, ObjectVersion, Version } from './objects.ts';

const DAY_MS = 86_400_000;
/** The id of the one version that a key has where versioning is not enabled. */
const NULL_VERSION = 'null';

export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.versions.get(key)?.at(-1);
  return newest?.kind === 'object' ? newest : undefined;
}

/**
 * A named version, or the current one.
 * @throws {S3Error} NoSuchKey (also when a delete marker is the current version) or NoSuchVersion.
 */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): Version {
  const versions = bucket.versions.get(key);
  if (versionId !== undefined) {
    const named = versions?.find((version) => version.versionId === versionId);
    if (named === undefined) throw noSuchVersion();
    return named;
  }
  const newest = versions?.at(-1);
  if (newest === undefined) throw noSuchKey(key);
  if (newest.kind === 'marker') {
    throw noSuchKey(key, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': newest.versionId });
  }
  return newest;
}

function releaseVersions(bodies: BodyStore, versions: readonly Version[]): void {
  for (const version of versions) if (version.kind === 'object') bodies.release(version.bodies);
}

/** Puts a version on top of its key, in place of an earlier one with the same id. */
function push(bodies: BodyStore, bucket: Bucket, key: string, version: Version): void {
  const versions = bucket.versions.get(key) ?? [];
  const kept = versions.filter(({ versionId }) => versionId !== version.versionId);
  bucket.versions.set(key, [...kept, version]);
  if (kept.length < versions.length) {
    releaseVersions(
      bodies,
      versions.filter((old) => !kept.includes(old)),
    );
  }
}

const nextVersionId = (bucket: Bucket): string =>
  bucket.versioning === 'Enabled' ? randomBytes(16).toString('hex') : NULL_VERSION;

function lockOf(bucket: Bucket, lock: ObjectLock, now: Date): ObjectLock {
  const rule = bucket.defaultRetention;
  if (rule === undefined || lock.mode !== undefined) return lock;
  return { ...lock, mode: rule.mode, until: new Date(now.getTime() + rule.days * DAY_MS) };
}

/** Stores an object as its key's newest version. */
export function storeObject(
  bodies: BodyStore,
  bucket: Bucket,
  key: string,
  object: NewObject,
  now: Date,
): ObjectVersion {
  const version: ObjectVersion = {
    ...object,
    kind: 'object',
    versionId: nextVersionId(bucket),
    modified: now,
    tags: object.properties.tags,
    lock: lockOf(bucket, object.properties.lock, now),
  };
  push(bodies, bucket, key, version);
  return version;
}

export interface Removal {
  /** The version that was removed or the marker that was made; undefined in a bucket that never had versions. */
  readonly versionId: string | undefined;
  readonly deleteMarker: boolean;
}

function checkLock(version: Version, bypassGovernance: boolean, now: Date): void {
  if (version.kind === 'marker') return;
  const { legalHold, mode, until } = version.lock;
  const retained = until !== undefined && until > now && !(mode === 'GOVERNANCE' && bypassGovernance);
  if (legalHold === 'ON' || retained) throw accessDenied('Access Denied because object protected by object lock.');
}

/**
 * Removes a version for good, or lays a delete marker on top where versions are kept and none is named.
 * @throws {S3Error} AccessDenied when the version is locked.
 */
export function removeVersion(
  bodies: BodyStore,
  bucket: Bucket,
  key: string,
  request: { readonly versionId: string | undefined; readonly bypassGovernance: boolean; readonly now: Date },
): Removal {
  if (bucket.versioning !== undefined && request.versionId === undefined) {
    const marker: Version = { kind: 'marker', versionId: nextVersionId(bucket), modified: request.now };
    push(bodies, bucket, key, marker);
    return { versionId: marker.versionId, deleteMarker: true };
  }
  const versions = bucket.versions.get(key) ?? [];
  const version = versions.find(({ versionId }) => versionId === (request.versionId ?? NULL_VERSION));
  if (version === undefined) return { versionId: request.versionId, deleteMarker: false };
  checkLock(version, request.bypassGovernance, request.now);
  const rest = versions.filter((other) => other !== version);
  if (rest.length > 0) bucket.versions.set(key, rest);
  else bucket.versions.delete(key);
  releaseVersions(bodies, [version]);
  return {
    versionId: bucket.versioning === undefined ? undefined : version.versionId,
    deleteMarker: version.kind === 'marker',
  };
}
