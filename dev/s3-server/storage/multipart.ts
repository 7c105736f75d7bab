import type { Algorithm, ChecksumType } from '../checksums/algorithms.ts';
import type { Body } from './bodies.ts';
import type { ObjectProperties } from './objects.ts';

export interface UploadedPart {
  readonly number: number;
  readonly body: Body;
  /** What the part's ETag says in hex. */
  readonly entityDigest: Buffer;
  readonly modified: Date;
  /** Base64, by algorithm. */
  readonly checksums: ReadonlyMap<Algorithm, string>;
}

/** An upload in parts that is neither completed nor aborted. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly started: Date;
  readonly properties: ObjectProperties;
  /** What the upload was created with; undefined when its parts need no checksums. */
  readonly checksum: { readonly algorithm: Algorithm; readonly type: ChecksumType } | undefined;
  readonly parts: Map<number, UploadedPart>;
}

export const partEtag = (part: UploadedPart): string => `"${part.entityDigest.toString('hex')}"`;
