import type { ObjectKey } from './object-key.ts';

/** Tags and headers an object is created with; all of them travel in the request that creates the object. */
export interface ObjectAttributes {
  readonly contentType?: string;
  /** At most ten, already cleaned (`series/tags.ts`). Dropped, with one warning, where the store has no tagging. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Absent: the bucket's default. */
  readonly storageClass?: string;
  /** Set as the object comes to be, never a moment later. Refused by a bucket without Object Lock. */
  readonly lock?: ObjectLock;
}

export interface PutOptions extends ObjectAttributes {
  /** SHA-256 of the body, 64 hex digits. The store checks the bytes against it before it keeps them. */
  readonly sha256?: string;
  /** `If-None-Match: *`: create, never replace. The store answers class `lost-race` (412) or `conflict` (409) otherwise. */
  readonly ifAbsent?: boolean;
  /** Sent once, for callers who have to look around before they send it again. */
  readonly once?: boolean;
}

export interface StoredObject {
  readonly etag?: string;
  /** MD5 of the bytes, 32 hex digits, where the ETag is that: not of an object in parts, nor of one under a KMS key. */
  readonly md5?: string;
  /** Present if and only if the bucket is (or was) versioned; `null` as text on a suspended one. */
  readonly versionId?: string;
}

export interface ObjectInfo {
  readonly size: number;
  readonly etag?: string;
  /** As in {@link StoredObject}. */
  readonly md5?: string;
  readonly lastModified: Date;
  readonly versionId?: string;
  /** Hex SHA-256 of the whole object if the store keeps one. */
  readonly sha256?: string;
  /** CRC-32 of the whole object, 8 hex digits, if the store keeps one. */
  readonly crc32?: string;
  readonly lock?: ObjectLock;
}

/** Why and until when an object cannot be deleted. Absent too where the caller may not read it. */
export interface ObjectLock {
  /** With a date, and only then. */
  readonly mode?: LockMode;
  readonly retainUntil?: Date;
  readonly legalHold: boolean;
}

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface GetOptions {
  /** Bytes from `start` up to but not including `end`, both from 0; `end` is within the object. Absent: all of it. */
  readonly range?: { readonly start: number; readonly end: number };
  /** Only if the object still has this ETag; class `lost-race` otherwise. For reading on after a break. */
  readonly ifMatch?: string;
  /** This version of the object, though it may be hidden; absent: the current one. */
  readonly versionId?: string;
}

export interface ObjectBody {
  /** Bytes of `body`. */
  readonly size: number;
  readonly etag?: string;
  /** Each chunk is the reader's own, who may free its memory. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A listed key is hostile text until {@link objectKey} has seen it. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly lastModified: Date;
  /** The one that the object was stored under, where the store lists it. */
  readonly etag?: string;
}

export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly size: number;
  readonly lastModified: Date;
}

export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
}

/** A part that an open upload has. */
export interface ListedPart {
  readonly size: number;
  readonly etag?: string;
  /** Unsigned. */
  readonly crc32?: number;
}

/** How the parts of an upload are checked, as the store took it when the upload was opened. */
export type PartChecksums = 'full-object' | 'parts' | 'none';

/** An upload that somebody opened and did not end, and what it has. */
export interface OpenUpload {
  readonly uploadId: string;
  /** By number. */
  readonly parts: ReadonlyMap<number, ListedPart>;
  readonly checksums: PartChecksums;
}

export interface DeleteTarget {
  readonly key: ObjectKey;
  /** Deletes this version for good; without it a versioned bucket only gets a delete marker. */
  readonly versionId?: string;
}

export interface DeleteFailure {
  readonly target: DeleteTarget;
  readonly code: string;
  readonly message: string;
}

export interface UploadPlan extends ObjectAttributes {
  /** Size of the whole object in bytes; absent where it is not known before its end. */
  readonly size?: number;
  /** Bytes of every part but the last; where `size` is absent later ones may be larger. */
  readonly partSize: number;
  /** Go on with this upload, which was opened with the same attributes, in the place of opening one. */
  readonly resumed?: OpenUpload & {
    /** Told the bytes of every part that was there and was not sent again. */
    readonly onKept: (bytes: number) => void;
  };
}

/** What one part of a large upload is made of; `crc32` covers exactly `bytes`. */
export interface Part {
  /** 1, 2, 3 … without gaps. */
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly crc32: number;
}

/** An open multipart upload. Exactly one of `complete` and `abort` ends it. */
export interface PartUpload {
  readonly uploadId: string;
  /**
   * Sends one part once, without trying again: the caller re-reads its file and calls again with the same number. Of
   * an upload that is resumed a part is sent only if it is not the one that is there. Parts may be sent in parallel and in any order; the last part sent under a number counts.
   */
  putPart(part: Part): Promise<void>;
  /**
   * @param whole size in bytes and CRC-32 of the whole object; the store checks them where it can
   */
  complete(whole: { readonly size: number; readonly crc32: number }): Promise<StoredObject>;
  /** Idempotent, and also right for an upload that is already gone. */
  abort(): Promise<void>;
}

export type Versioning = 'enabled' | 'suspended' | 'off' | 'unknown';

/** `off`: the bucket, or the store as a whole, has none. `unknown`: it may not be asked. */
export type ObjectLocking = 'enabled' | 'off' | 'unknown';

/** A rule of the bucket by which current objects are deleted, or hidden, by age or at a date. */
export interface ExpirationRule {
  /** Its name; may be empty. Hostile text. */
  readonly id: string;
  /** Of the keys it is for; empty: of all. */
  readonly prefix: string;
  /** It is for objects that carry all of these; empty: whatever they carry. */
  readonly tags: Readonly<Record<string, string>>;
  /** Reads on after "expires": `30 days after it was made`, `on 2027-01-01`. */
  readonly when: string;
}

/**
 * The one seam to storage. Implementations: `s3/` and `memory.ts`; retries, limits, counting and logging wrap it.
 *
 * Contract
 * - Every method throws {@link BackupError} whose class says what the failure means; nothing is only logged.
 * - Strong read-after-write and list-after-write consistency, as S3 has had since December 2020.
 * - A method may be called again after a failure of class `transient`, `throttled`, `expired` or `conflict`. All are
 *   idempotent but a `put` with `ifAbsent`: its reply can be lost after the effect, and the repeat then says
 *   `lost-race` for our own object. Callers put a nonce into the body and compare.
 * - Listings come in UTF-8 byte order of the keys, page by page, and never stop early without an error.
 */
export interface ObjectStore {
  readonly bucket: string;

  /** False once the store has turned out to have no object tags. */
  readonly takesTags: boolean;

  /** Stores a small body (held in memory) in one request. */
  put(key: ObjectKey, body: Uint8Array, options?: PutOptions): Promise<StoredObject>;

  /**
   * Stores a body of unknown length; memory is a few parts. Nothing is visible before the end of the body, and a body
   * that fails leaves nothing behind. Not repeated by itself: the body can be read only once.
   */
  putStream(key: ObjectKey, body: AsyncIterable<Uint8Array>, attributes?: ObjectAttributes): Promise<StoredObject>;

  openUpload(key: ObjectKey, plan: UploadPlan): Promise<PartUpload>;

  /** True where bodies outlive their connections by themselves; absent where that is the caller's business. */
  readonly resumesReads?: boolean;

  /**
   * Begins to read. A connection that breaks makes `body` throw class `transient`; the caller reads on from there, but
   * where the store {@link resumesReads}.
   * @throws class `not-found`
   */
  get(key: ObjectKey, options?: GetOptions): Promise<ObjectBody>;

  /** @throws class `not-found` */
  head(key: ObjectKey): Promise<ObjectInfo>;

  list(prefix: string): AsyncIterable<ListedObject>;

  /** The folders right below `prefix` that hold an object: each as a prefix itself, with the `/` at its end. */
  listPrefixes(prefix: string): AsyncIterable<string>;

  /** All versions and delete markers; only meaningful in a versioned bucket. */
  listVersions(prefix: string): AsyncIterable<ListedVersion>;

  /** As {@link listPrefixes}, with folders in which all is hidden; only meaningful in a versioned bucket. */
  listVersionPrefixes(prefix: string): AsyncIterable<string>;

  listUploads(prefix: string): AsyncIterable<ListedUpload>;

  /** @throws class `not-found` for an upload that has ended */
  listParts(key: ObjectKey, uploadId: string): Promise<OpenUpload>;

  abortUpload(key: ObjectKey, uploadId: string): Promise<void>;

  /**
   * Deletes; a key that is not there counts as deleted.
   * @returns what could not be deleted, after what was worth a retry has been retried
   */
  delete(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]>;

  versioning(): Promise<Versioning>;

  objectLocking(): Promise<ObjectLocking>;

  /** @returns undefined where the rules may not be read, or the store has no such thing */
  expirationRules(): Promise<readonly ExpirationRule[] | undefined>;

  /**
   * Makes the retention of the current version of an object longer.
   * @throws class `not-found`; class `permanent` where it would be shorter
   */
  retain(key: ObjectKey, mode: LockMode, until: Date): Promise<void>;

  /**
   * Puts the current version of an object under a legal hold; one that is there stays.
   * @throws class `not-found`
   */
  hold(key: ObjectKey): Promise<void>;

  /**
   * The store's clock: the `Date` header of its latest reply, carried forward by the time since.
   * @throws class `permanent` before the first reply
   */
  now(): Date;
}
