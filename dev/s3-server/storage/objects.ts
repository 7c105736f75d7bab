import type { Algorithm, ChecksumType } from '../checksums/algorithms.ts';
import type { Body } from './bodies.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface ObjectLock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | undefined;
  readonly until: Date | undefined;
  readonly legalHold: 'ON' | 'OFF' | undefined;
}

export interface Encryption {
  readonly algorithm: string | undefined;
  readonly kmsKeyId: string | undefined;
  /** Base64 MD5 of a customer's own key; the key itself is not needed to play the part. */
  readonly customerKeyMd5: string | undefined;
}

/** What PutObject and CreateMultipartUpload say about an object besides its bytes. */
export interface ObjectProperties {
  /** Content headers and user metadata, given back as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly storageClass: string;
  readonly lock: ObjectLock;
  readonly encryption: Encryption;
}

export interface ObjectChecksum {
  readonly algorithm: Algorithm;
  readonly type: ChecksumType;
  /** Base64, `-N` behind a composite one. Undefined: S3's default checksum, computed when somebody asks. */
  readonly value: string | undefined;
}

/** One part of an object that was uploaded in parts. */
export interface ObjectPart {
  readonly number: number;
  readonly size: number;
  readonly checksums: ReadonlyMap<Algorithm, string>;
}

export interface ObjectVersion {
  readonly kind: 'object';
  readonly versionId: string;
  readonly modified: Date;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly bodies: readonly Body[];
  readonly parts: readonly ObjectPart[] | undefined;
  readonly properties: ObjectProperties;
  /** Undefined where checksums are ignored. */
  checksum: ObjectChecksum | undefined;
  tags: readonly Tag[];
  lock: ObjectLock;
}

export interface DeleteMarker {
  readonly kind: 'marker';
  readonly versionId: string;
  readonly modified: Date;
}

export type Version = ObjectVersion | DeleteMarker;

/** A version that is not stored yet: the bucket gives it an id and a date. */
export type NewObject = Omit<ObjectVersion, 'kind' | 'versionId' | 'modified' | 'tags' | 'lock'>;

export const NO_LOCK: ObjectLock = { mode: undefined, until: undefined, legalHold: undefined };
