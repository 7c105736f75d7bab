import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { saying } from '../../aws/empty-reply.ts';
import { BackupError, isClass } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ObjectKey } from '../object-key.ts';
import type {
  DeleteFailure,
  DeleteTarget,
  ExpirationRule,
  GetOptions,
  ListedObject,
  ListedUpload,
  ListedVersion,
  LockMode,
  ObjectAttributes,
  ObjectBody,
  ObjectInfo,
  ObjectLocking,
  ObjectStore,
  OpenUpload,
  PartChecksums,
  PartUpload,
  PutOptions,
  StoredObject,
  UploadPlan,
  Versioning,
} from '../object-store.ts';
import { taggingHeader } from '../tagging-header.ts';
import { S3Connection, type S3ConnectionOptions } from './connection.ts';
import { Deleter } from './delete.ts';
import { getDirectly, putDirectly } from './direct.ts';
import { type Feature, Features } from './features.ts';
import { expirationRules } from './lifecycle.ts';
import { listParts } from './list-parts.ts';
import { listObjects, listObjectVersions, listPrefixes, listUploads, listVersionPrefixes } from './listing.ts';
import { hold, lockInput, objectLocking, retain } from './lock.ts';
import { objectInfo, storedObject } from './object-info.ts';
import { abortUpload, type OpenedUpload, S3PartUpload } from './part-upload.ts';
import { uploadStream } from './stream-upload.ts';

type Has = (feature: Feature) => boolean;

/** The seam's contract on S3 and what speaks its protocol. */
export class S3Store implements ObjectStore {
  readonly bucket: string;
  readonly #connection: S3Connection;
  readonly #features: Features;
  readonly #deleter: Deleter;

  constructor(options: S3ConnectionOptions, log: Log) {
    this.bucket = options.bucket;
    this.#connection = new S3Connection(options);
    this.#features = new Features(log);
    this.#deleter = new Deleter(this.#connection, log);
  }

  get takesTags(): boolean {
    return this.#features.has('tagging');
  }

  async put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const { sha256 = hash('sha256', body), ifAbsent, once = false } = options;
    const done = await this.#features.attempt(['tagging', 'checksums'], (has) => {
      const input = {
        ...this.#objectInput(key, options, has),
        ...(has('checksums') && { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') }),
        ...(ifAbsent && { IfNoneMatch: '*' }),
      };
      return this.#connection.sendDirect(
        { operation: 'PutObject', key, bytes: body.byteLength },
        (client, signal) => putDirectly(client, input, body, { sha256 }, signal),
        { again: !once },
      );
    });
    return storedObject(done);
  }

  async putStream(
    key: ObjectKey,
    body: AsyncIterable<Uint8Array>,
    attributes: ObjectAttributes = {},
  ): Promise<StoredObject> {
    return uploadStream(this, { key, attributes }, body, this.#connection.options.retry);
  }

  async openUpload(key: ObjectKey, plan: UploadPlan): Promise<PartUpload> {
    if (plan.resumed !== undefined) return this.#resumed(key, plan, plan.resumed);
    const opened = await this.#features.attempt(['tagging', 'full-object-checksums', 'checksums'], async (has) => {
      const checksums = partChecksums(has);
      const input = {
        ...this.#objectInput(key, plan, has),
        ...(checksums !== 'none' && { ChecksumAlgorithm: 'CRC32' as const }),
        ...(checksums === 'full-object' && { ChecksumType: 'FULL_OBJECT' as const }),
      };
      const { options, lateSignal } = this.#connection;
      options.signal.throwIfAborted();
      // Only its reply names the upload: one that is opened while the step is cancelled has to be aborted by its name.
      let sent = 0;
      const { UploadId = '', ChecksumAlgorithm } = await this.#connection.send(
        { operation: 'CreateMultipartUpload', key },
        async (client, sendOptions) => {
          sent += 1;
          return saying(await client.send(new CreateMultipartUploadCommand(input), sendOptions), 'UploadId');
        },
        { signal: lateSignal },
      );
      if (sent > 1) await this.#abortUnheard(key, UploadId);
      return {
        key,
        uploadId: UploadId,
        checksums,
        checksumsAreChecked: checksums !== 'none' && ChecksumAlgorithm === 'CRC32',
        ...this.#afterwards(plan, has),
      };
    });
    return new S3PartUpload(this.#connection, this.#features, opened);
  }

  #resumed(key: ObjectKey, plan: UploadPlan, resumed: NonNullable<UploadPlan['resumed']>): PartUpload {
    const { uploadId, checksums } = resumed;
    const has: Has = (feature) => this.#features.has(feature);
    const opened = { key, uploadId, checksums, checksumsAreChecked: checksums !== 'none', resumed };
    return new S3PartUpload(this.#connection, this.#features, { ...opened, ...this.#afterwards(plan, has) });
  }

  #afterwards(plan: UploadPlan, has: Has): Pick<OpenedUpload, 'tagsAfterwards' | 'lockAfterwards'> {
    const lockAfterwards = this.#connection.options.isAmazon ? undefined : plan.lock;
    return { tagsAfterwards: this.#tagsAfterwards(plan, has), lockAfterwards };
  }

  /**
   * A request whose reply was lost may have opened an upload that nobody knows by name. Keys of a version are written
   * by one run, so every other upload of the key is such a one.
   */
  async #abortUnheard(key: ObjectKey, uploadId: string): Promise<void> {
    try {
      for await (const upload of this.listUploads(key)) {
        if (upload.key === key && upload.uploadId !== uploadId) await this.abortUpload(key, upload.uploadId);
      }
    } catch (error) {
      // Whatever it is, a later prune finds them; what matters here is the upload that is open.
      this.#connection.options.signal.throwIfAborted();
      if (!(error instanceof BackupError)) throw error;
    }
  }

  async get(key: ObjectKey, { range, ifMatch, versionId }: GetOptions = {}): Promise<ObjectBody> {
    const subject = { operation: 'GetObject', key };
    const input = {
      ...this.#connection.target,
      Key: key,
      // HTTP counts the last byte in (RFC 9110, 14.1.2).
      ...(range && { Range: `bytes=${range.start}-${range.end - 1}` }),
      ...(ifMatch && { IfMatch: ifMatch }),
      ...(versionId && { VersionId: versionId }),
    };
    const reply = await this.#connection.sendDirect(subject, (client, signal) => getDirectly(client, input, signal));
    const { 'content-length': size, etag } = reply.headers;
    return { size: Number(size ?? 0), ...(etag && { etag }), body: this.#body(reply, subject) };
  }

  async head(key: ObjectKey): Promise<ObjectInfo> {
    const found = await this.#connection.send({ operation: 'HeadObject', key }, (client, options) =>
      client.send(
        new HeadObjectCommand({ ...this.#connection.target, Key: key, ChecksumMode: 'ENABLED' as const }),
        options,
      ),
    );
    return objectInfo(found);
  }

  list(prefix: string): AsyncIterable<ListedObject> {
    return listObjects(this.#connection, prefix);
  }

  listPrefixes(prefix: string): AsyncIterable<string> {
    return listPrefixes(this.#connection, prefix);
  }

  listVersionPrefixes(prefix: string): AsyncIterable<string> {
    return listVersionPrefixes(this.#connection, prefix);
  }

  listVersions(prefix: string): AsyncIterable<ListedVersion> {
    return listObjectVersions(this.#connection, prefix);
  }

  listUploads(prefix: string): AsyncIterable<ListedUpload> {
    return listUploads(this.#connection, prefix);
  }

  listParts(key: ObjectKey, uploadId: string): Promise<OpenUpload> {
    return listParts(this.#connection, key, uploadId);
  }

  abortUpload(key: ObjectKey, uploadId: string): Promise<void> {
    return abortUpload(this.#connection, key, uploadId);
  }

  delete(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    return this.#deleter.delete(targets);
  }

  async versioning(): Promise<Versioning> {
    try {
      const { Status } = await this.#connection.send({ operation: 'GetBucketVersioning' }, (client, options) =>
        client.send(new GetBucketVersioningCommand(this.#connection.target), options),
      );
      return Status === 'Enabled' ? 'enabled' : Status === 'Suspended' ? 'suspended' : 'off';
    } catch (error) {
      // A right that may be missing, or a call the store does not have: the replies to PUT tell as well.
      if (isClass(error, 'permanent', 'not-found')) return 'unknown';
      throw error;
    }
  }

  objectLocking(): Promise<ObjectLocking> {
    return objectLocking(this.#connection);
  }

  expirationRules(): Promise<readonly ExpirationRule[] | undefined> {
    return expirationRules(this.#connection);
  }

  retain(key: ObjectKey, mode: LockMode, until: Date): Promise<void> {
    return retain(this.#connection, key, mode, until);
  }

  hold(key: ObjectKey): Promise<void> {
    return hold(this.#connection, key);
  }

  now(): Date {
    return this.#connection.options.clock.now();
  }

  #objectInput(key: ObjectKey, { contentType, tags, storageClass, lock }: ObjectAttributes, has: Has) {
    const Tagging = has('tagging') ? taggingHeader(tags ?? {}) : undefined;
    return {
      ...this.#connection.target,
      ...this.#connection.encryption,
      Key: key,
      ...(contentType && { ContentType: contentType }),
      ...(Tagging && { Tagging }),
      // The list of classes is the store's own; one it does not know is refused by it, by name.
      ...(storageClass && { StorageClass: storageClass as StorageClass }),
      ...lockInput(lock),
    };
  }

  #tagsAfterwards({ tags }: ObjectAttributes, has: Has): Readonly<Record<string, string>> | undefined {
    const needed = !this.#connection.options.isAmazon && has('tagging') && Object.keys(tags ?? {}).length > 0;
    return needed ? tags : undefined;
  }

  async *#body(reply: IncomingMessage, subject: { operation: string; key: string }): AsyncGenerator<Uint8Array> {
    try {
      yield* reply;
    } catch (cause) {
      throw this.#connection.toError(cause, subject);
    }
  }
}

function partChecksums(has: Has): PartChecksums {
  if (!has('checksums')) return 'none';
  return has('full-object-checksums') ? 'full-object' : 'parts';
}
