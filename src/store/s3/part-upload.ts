import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { BackupError, isClass } from '../../errors.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import type { ObjectKey } from '../object-key.ts';
import type { ObjectLock, Part, PartChecksums, PartUpload, StoredObject, UploadPlan } from '../object-store.ts';
import { etagOfParts, isSamePart } from '../same-part.ts';
import type { S3Connection } from './connection.ts';
import { putDirectly } from './direct.ts';
import type { Features } from './features.ts';
import { lockWhereDropped } from './lock.ts';
import { storedObject } from './object-info.ts';

/** A CRC-32 as S3 writes it: four bytes, big-endian, in Base64. */
export function base64Crc32(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32 >>> 0);
  return bytes.toString('base64');
}

export interface OpenedUpload {
  readonly key: ObjectKey;
  readonly uploadId: string;
  readonly checksums: PartChecksums;
  /** The store has said that it knows the parts' checksums, so that it can be relied on to compare them. */
  readonly checksumsAreChecked: boolean;
  /** To be set once the object is there: stores that are not Amazon's may drop the tags an upload was opened with. */
  readonly tagsAfterwards: Readonly<Record<string, string>> | undefined;
  /** To be there once the object is, as it may have been dropped likewise. */
  readonly lockAfterwards: ObjectLock | undefined;
  readonly resumed?: UploadPlan['resumed'];
}

/** An open multipart upload in S3. A part is sent once; the caller reads it anew before the next try. */
export class S3PartUpload implements PartUpload {
  readonly uploadId: string;
  readonly #connection: S3Connection;
  readonly #features: Features;
  readonly #opened: OpenedUpload;
  readonly #parts = new Map<number, CompletedPart>();

  constructor(connection: S3Connection, features: Features, opened: OpenedUpload) {
    this.#connection = connection;
    this.#features = features;
    this.#opened = opened;
    this.uploadId = opened.uploadId;
  }

  async putPart(part: Part): Promise<void> {
    const { number, bytes, crc32 } = part;
    const { resumed } = this.#opened;
    const there = resumed?.parts.get(number);
    const checksum = this.#opened.checksums === 'none' ? {} : { ChecksumCRC32: base64Crc32(crc32) };
    if (!this.#parts.has(number) && isSamePart(there, part)) {
      this.#parts.set(number, { PartNumber: number, ...(there?.etag && { ETag: there.etag }), ...checksum });
      resumed?.onKept(bytes.byteLength);
      return;
    }
    const input = { ...this.#target, PartNumber: number, ...checksum };
    const { checksumsAreChecked } = this.#opened;
    const { ETag } = await this.#connection.sendDirect(
      { operation: 'UploadPart', key: this.#opened.key, bytes: bytes.byteLength },
      (client, signal) => putDirectly(client, input, bytes, { checksumIsChecked: checksumsAreChecked }, signal),
      { again: false },
    );
    this.#parts.set(number, { PartNumber: number, ...(ETag && { ETag }), ...checksum });
  }

  async complete(whole: { readonly size: number; readonly crc32: number }): Promise<StoredObject> {
    const stored = await this.#completeOnce(whole);
    const { key, lockAfterwards } = this.#opened;
    if (lockAfterwards !== undefined) await lockWhereDropped(this.#connection, key, lockAfterwards);
    await this.#tag();
    return stored;
  }

  async #completeOnce({ size, crc32 }: { readonly size: number; readonly crc32: number }): Promise<StoredObject> {
    const full = this.#opened.checksums === 'full-object';
    const input = {
      ...this.#target,
      MultipartUpload: { Parts: this.#inOrder() },
      ...(full && { ChecksumType: 'FULL_OBJECT' as const, ChecksumCRC32: base64Crc32(crc32), MpuObjectSize: size }),
    };
    const done = await this.#connection
      .send({ operation: 'CompleteMultipartUpload', key: this.#opened.key }, (client, options) =>
        client.send(new CompleteMultipartUploadCommand(input), options),
      )
      .catch((error: unknown) => {
        // A completion whose reply was lost is repeated, and the repeat finds no such upload: the object decides.
        if (!isClass(error, 'not-found')) throw error;
        return this.#completedBefore(size, full ? base64Crc32(crc32) : undefined, error);
      });
    return storedObject(done.ETag ? done : ((await this.#headIfAllowed()) ?? done));
  }

  #inOrder(): CompletedPart[] {
    return [...this.#parts.values()].sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
  }

  /** False if another attempt has completed the upload with other parts, as far as the ETag of the whole tells. */
  #isOfThese(etag: string | undefined): boolean {
    const expected = etagOfParts(this.#inOrder().map(({ ETag }) => ETag));
    const found = etag?.replaceAll('"', '');
    return expected === undefined || found === undefined || !/^[0-9a-f]{32}-\d+$/.test(found) || found === expected;
  }

  async #completedBefore(
    size: number,
    crc32: string | undefined,
    cause: BackupError,
  ): Promise<HeadObjectCommandOutput> {
    const { key } = this.#opened;
    const found = await this.#head();
    const isSame = crc32 === undefined ? this.#isOfThese(found.ETag) : found.ChecksumCRC32 === crc32;
    if (found.ContentLength !== size || !isSame) {
      throw new BackupError(
        `The multipart upload of ${JSON.stringify(key)} is gone and the object is not what was sent.`,
        {
          class: 'permanent',
          operation: 'CompleteMultipartUpload',
          key,
          expected: `${size} bytes, CRC-32 ${crc32 ?? 'unknown'}`,
          found: `${found.ContentLength ?? 0} bytes, CRC-32 ${found.ChecksumCRC32 ?? 'unknown'}`,
          cause,
        },
      );
    }
    return found;
  }

  /** The object is complete: a role that may not read it goes on without what the store says of it. */
  async #headIfAllowed(): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.#head();
    } catch (error) {
      if (!isClass(error, 'permanent')) throw error;
      return undefined;
    }
  }

  /** For what a reply was to say: it was lost, or it says less than S3's (Ceph 16 leaves out the ETag). */
  async #head(): Promise<HeadObjectCommandOutput> {
    const { key } = this.#opened;
    const input = { ...this.#connection.target, Key: key, ChecksumMode: 'ENABLED' as const };
    return await this.#connection.send({ operation: 'HeadObject', key }, (client, options) =>
      client.send(new HeadObjectCommand(input), options),
    );
  }

  async #tag(): Promise<void> {
    const { key, tagsAfterwards } = this.#opened;
    if (tagsAfterwards === undefined) return;
    const TagSet = Object.entries(tagsAfterwards).map(([Key, Value]) => ({ Key, Value }));
    await this.#features.attempt(['later-tagging'], async (has) => {
      if (!has('later-tagging')) return;
      await this.#connection.send({ operation: 'PutObjectTagging', key }, (client, options) =>
        client.send(
          new PutObjectTaggingCommand({ ...this.#connection.target, Key: key, Tagging: { TagSet } }),
          options,
        ),
      );
    });
  }

  abort(): Promise<void> {
    return abortUpload(this.#connection, this.#opened.key, this.uploadId, [AbortSignal.timeout(ABORT_TIMEOUT_MS)]);
  }

  get #target() {
    return { ...this.#connection.target, Key: this.#opened.key, UploadId: this.uploadId };
  }
}

/** So long a failure, which matters more, is kept from being told. */
const ABORT_TIMEOUT_MS = 5_000;

/**
 * Sent as every request. A cancellation does not end it, but a while later: it is what a cancellation does last, once
 * more and past those that wait. Idempotent.
 *
 * @param limits end it in any case
 */
export async function abortUpload(
  connection: S3Connection,
  key: ObjectKey,
  uploadId: string,
  limits: readonly AbortSignal[] = [],
): Promise<void> {
  const { client, signal, toError } = connection.options;
  const subject = { operation: 'AbortMultipartUpload', key };
  let until = withLimits(signal, limits);
  const abort = (abortSignal: AbortSignal) =>
    client.send(new AbortMultipartUploadCommand({ ...connection.target, Key: key, UploadId: uploadId }), {
      abortSignal,
    });
  try {
    await connection
      .send(subject, () => abort(until), { signal: until })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
        until = withLimits(connection.cleanUpSignal, limits);
        return unlessAborted(() => abort(until), until);
      });
  } catch (cause) {
    const error = toError(cause, subject);
    if (error.class !== 'not-found') throw until.aborted ? unanswered(subject) : error;
  }
}

/** The reason of a signal says why nobody waits any longer, and not what keeps the upload open. */
function unanswered({ operation, key }: { readonly operation: string; readonly key: ObjectKey }): BackupError {
  return new BackupError('The store did not answer in time.', { class: 'transient', operation, key });
}

/** Without limits the signal itself: one that is made of others is kept for as long as they are. */
function withLimits(signal: AbortSignal, limits: readonly AbortSignal[]): AbortSignal {
  return limits.length === 0 ? signal : AbortSignal.any([signal, ...limits]);
}
