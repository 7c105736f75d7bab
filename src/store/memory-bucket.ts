import { BackupError, type ErrorClass } from '../errors.ts';
import type { DeleteFailure, DeleteTarget, ObjectAttributes, ObjectLock } from './object-store.ts';

/** What S3 calls the only version of an object in a bucket that is not, or no longer, versioned. */
const NULL_VERSION = 'null';

export type BucketVersioning = 'enabled' | 'suspended' | 'off';

export interface NewObject {
  /** Absent in a delete marker. */
  readonly body?: Uint8Array;
  readonly attributes?: ObjectAttributes;
  readonly sha256?: string;
  /** Of an object in parts. */
  readonly crc32?: string;
}

export interface ObjectVersion extends NewObject {
  readonly versionId: string;
  readonly lastModified: Date;
  readonly lock?: ObjectLock;
}

/** A version that is no delete marker. */
export type VisibleVersion = ObjectVersion & { readonly body: Uint8Array };

/** The objects of a bucket in memory, with S3's rules for versions, delete markers and locks. */
export class MemoryBucket {
  readonly #versioning: BucketVersioning;
  readonly #clock: () => Date;
  /** Newest version first; never an empty list. */
  readonly #objects = new Map<string, readonly ObjectVersion[]>();
  #sequence = 0;

  constructor(versioning: BucketVersioning, clock: () => Date) {
    this.#versioning = versioning;
    this.#clock = clock;
  }

  /** S3 lists by the bytes of UTF-8; JavaScript compares UTF-16 units, which differs beyond U+FFFF. */
  keys(prefix: string): string[] {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
    return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** Newest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.#objects.get(key) ?? [];
  }

  current(key: string): VisibleVersion | undefined {
    return visible(this.versions(key)[0]);
  }

  /**
   * @param versionId absent: the current version
   * @throws class `not-found`
   */
  found(operation: string, key: string, versionId?: string): VisibleVersion {
    if (versionId === undefined) {
      const current = this.current(key);
      if (current === undefined) throw s3Error(operation, key, 'NoSuchKey', 'not-found');
      return current;
    }
    const named = visible(this.versions(key).find((version) => version.versionId === versionId));
    if (named === undefined) throw s3Error(operation, key, 'NoSuchVersion', 'not-found');
    return named;
  }

  /** A versioned bucket adds to what is there; any other replaces its null version. */
  add(key: string, object: NewObject): ObjectVersion {
    this.#sequence += 1;
    const versionId = this.#versioning === 'enabled' ? `version-${this.#sequence}` : NULL_VERSION;
    const { lock } = object.attributes ?? {};
    const added: ObjectVersion = { ...object, versionId, lastModified: this.#clock(), ...(lock && { lock }) };
    this.#objects.set(key, [added, ...this.#without(key, versionId)]);
    return added;
  }

  lock(key: string, lock: ObjectLock): void {
    const locked = { ...this.found('PutObjectRetention', key), lock };
    this.#objects.set(key, [locked, ...this.versions(key).slice(1)]);
  }

  /** Without a version ID a versioned bucket adds a delete marker, also for a key that is not there. */
  delete(target: DeleteTarget): DeleteFailure | undefined {
    const { key, versionId } = target;
    if (versionId === undefined && this.#versioning !== 'off') {
      this.add(key, {});
      return undefined;
    }
    const doomed = versionId ?? NULL_VERSION;
    if (this.versions(key).some((version) => version.versionId === doomed && this.#isLocked(version))) {
      return { target, code: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };
    }
    const others = this.#without(key, doomed);
    if (others.length > 0) this.#objects.set(key, others);
    else this.#objects.delete(key);
    return undefined;
  }

  #without(key: string, versionId: string): ObjectVersion[] {
    return this.versions(key).filter((version) => version.versionId !== versionId);
  }

  #isLocked({ lock }: ObjectVersion): boolean {
    return lock !== undefined && (lock.legalHold || (lock.retainUntil?.getTime() ?? 0) > this.#clock().getTime());
  }
}

function visible(version: ObjectVersion | undefined): VisibleVersion | undefined {
  return version?.body === undefined ? undefined : { ...version, body: version.body };
}

/** An answer as S3 would give it. */
export function s3Error(operation: string, key: string, code: string, errorClass: ErrorClass): BackupError {
  const message = `${operation} of ${JSON.stringify(key)} was answered with ${code}.`;
  return new BackupError(message, { class: errorClass, operation, key, code });
}
