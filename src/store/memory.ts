import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type BucketVersioning, MemoryBucket, type NewObject, type ObjectVersion, s3Error } from './memory-bucket.ts';
import type { ObjectKey } from './object-key.ts';
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
  ObjectLock,
  ObjectLocking,
  ObjectStore,
  OpenUpload,
  Part,
  PartUpload,
  PutOptions,
  StoredObject,
  UploadPlan,
} from './object-store.ts';
import { isSamePart } from './same-part.ts';

export interface MemoryStoreOptions {
  readonly bucket?: string;
  /** Default `off`. */
  readonly versioning?: BucketVersioning;
  /** `ignored`: a store that knows no conditional writes and answers 200 all the same. Default `enforced`. */
  readonly conditionalWrites?: 'enforced' | 'ignored';
  /** Whether objects can be locked. Default false; it needs versioning `enabled`. */
  readonly objectLock?: boolean;
  /** Default: none. */
  readonly expirationRules?: readonly ExpirationRule[];
  readonly clock: () => Date;
}

interface Upload extends ListedUpload {
  readonly parts: Map<number, Uint8Array>;
  /** What the object is to be created with. */
  readonly attributes: ObjectAttributes;
}

/** A bucket in memory that answers as S3 does; what it holds is gone with it. */
export class MemoryStore implements ObjectStore {
  readonly bucket: string;
  readonly takesTags = true;
  readonly #versioning: BucketVersioning;
  readonly #enforcesConditions: boolean;
  readonly #clock: () => Date;
  readonly #options: Pick<MemoryStoreOptions, 'objectLock' | 'expirationRules'>;
  readonly #objects: MemoryBucket;
  readonly #uploads = new Map<string, Upload>();
  #opened = 0;

  constructor(options: MemoryStoreOptions) {
    this.bucket = options.bucket ?? 'memory';
    this.#versioning = options.versioning ?? 'off';
    this.#enforcesConditions = options.conditionalWrites !== 'ignored';
    this.#clock = options.clock;
    this.#options = options;
    this.#objects = new MemoryBucket(this.#versioning, this.#clock);
  }

  async put(key: ObjectKey, body: Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const { ifAbsent = false, sha256, once: _, ...attributes } = options;
    if (sha256 !== undefined && createHash('sha256').update(body).digest('hex') !== sha256) {
      throw s3Error('PutObject', key, 'BadDigest', 'permanent');
    }
    if (ifAbsent && this.#enforcesConditions && this.#objects.current(key) !== undefined) {
      throw s3Error('PutObject', key, 'PreconditionFailed', 'lost-race');
    }
    return this.#add(key, body, attributes, sha256 === undefined ? {} : { sha256 });
  }

  async putStream(
    key: ObjectKey,
    body: AsyncIterable<Uint8Array>,
    attributes: ObjectAttributes = {},
  ): Promise<StoredObject> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(copyOf(chunk));
    return this.#add(key, Buffer.concat(chunks), attributes);
  }

  async openUpload(key: ObjectKey, plan: UploadPlan): Promise<PartUpload> {
    const { size: _size, partSize: _, resumed, ...attributes } = plan;
    const uploadId = resumed?.uploadId ?? this.#open(key, attributes);
    const sent = new Set<number>();
    return {
      uploadId,
      putPart: async (part) => {
        sent.add(part.number);
        if (isSamePart(resumed?.parts.get(part.number), part)) resumed?.onKept(part.bytes.byteLength);
        else this.#putPart(key, uploadId, part);
      },
      complete: async (whole) => this.#complete(key, uploadId, sent, whole),
      abort: () => this.abortUpload(key, uploadId),
    };
  }

  async get(key: ObjectKey, { range, ifMatch, versionId }: GetOptions = {}): Promise<ObjectBody> {
    const { body } = this.#objects.found('GetObject', key, versionId);
    const etag = etagOf(body);
    if (ifMatch !== undefined && ifMatch !== etag) {
      throw s3Error('GetObject', key, 'PreconditionFailed', 'lost-race');
    }
    if (range !== undefined && range.start >= body.length) throw s3Error('GetObject', key, 'InvalidRange', 'permanent');
    const wanted = range === undefined ? body : body.subarray(range.start, range.end);
    return { size: wanted.length, etag, body: oneChunk(wanted) };
  }

  async head(key: ObjectKey): Promise<ObjectInfo> {
    const version = this.#objects.found('HeadObject', key);
    const { body, lastModified, sha256, crc32: wholeCrc32, lock } = version;
    return {
      ...this.#stored(version, body),
      size: body.length,
      lastModified,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(wholeCrc32 === undefined ? {} : { crc32: wholeCrc32 }),
      ...(lock === undefined ? {} : { lock }),
    };
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    for (const key of this.#objects.keys(prefix)) {
      const current = this.#objects.current(key);
      if (current === undefined) continue;
      const { body, lastModified } = current;
      yield { key, size: body.length, lastModified, etag: etagOf(body) };
    }
  }

  async *listPrefixes(prefix: string): AsyncGenerator<string> {
    yield* folders(
      prefix,
      this.#objects.keys(prefix).filter((key) => this.#objects.current(key) !== undefined),
    );
  }

  async *listVersionPrefixes(prefix: string): AsyncGenerator<string> {
    yield* folders(prefix, this.#objects.keys(prefix));
  }

  async *listVersions(prefix: string): AsyncGenerator<ListedVersion> {
    for (const key of this.#objects.keys(prefix)) {
      for (const [index, { versionId, body, lastModified }] of this.#objects.versions(key).entries()) {
        const isDeleteMarker = body === undefined;
        yield { key, versionId, isLatest: index === 0, isDeleteMarker, size: body?.length ?? 0, lastModified };
      }
    }
  }

  async *listUploads(prefix: string): AsyncGenerator<ListedUpload> {
    for (const { key, uploadId, initiated } of [...this.#uploads.values()]) {
      if (key.startsWith(prefix)) yield { key, uploadId, initiated };
    }
  }

  async listParts(key: ObjectKey, uploadId: string): Promise<OpenUpload> {
    const parts = [...this.#upload('ListParts', key, uploadId).parts].map(
      ([number, bytes]) => [number, { size: bytes.length, etag: etagOf(bytes), crc32: crc32(bytes) }] as const,
    );
    return { uploadId, parts: new Map(parts), checksums: 'full-object' };
  }

  async abortUpload(_key: ObjectKey, uploadId: string): Promise<void> {
    this.#uploads.delete(uploadId);
  }

  async delete(targets: readonly DeleteTarget[]): Promise<DeleteFailure[]> {
    return targets.flatMap((target) => this.#objects.delete(target) ?? []);
  }

  async versioning(): Promise<BucketVersioning> {
    return this.#versioning;
  }

  async objectLocking(): Promise<ObjectLocking> {
    return this.#options.objectLock === true ? 'enabled' : 'off';
  }

  async expirationRules(): Promise<readonly ExpirationRule[]> {
    return this.#options.expirationRules ?? [];
  }

  async retain(key: ObjectKey, mode: LockMode, until: Date): Promise<void> {
    const { lock } = this.#objects.found('PutObjectRetention', key);
    if (lock?.retainUntil !== undefined && lock.retainUntil > until) {
      throw s3Error('PutObjectRetention', key, 'AccessDenied', 'permanent');
    }
    this.#objects.lock(key, { legalHold: false, ...lock, mode, retainUntil: until });
  }

  async hold(key: ObjectKey): Promise<void> {
    const { lock } = this.#objects.found('PutObjectLegalHold', key);
    this.#objects.lock(key, { ...lock, legalHold: true });
  }

  now(): Date {
    return this.#clock();
  }

  /** What the current version was created with; on S3 a request of its own. */
  attributes(key: ObjectKey): ObjectAttributes {
    return this.#objects.found('GetObjectTagging', key).attributes ?? {};
  }

  /** Puts the current version under a retention period or a legal hold. */
  lock(key: ObjectKey, lock: ObjectLock): void {
    this.#objects.lock(key, lock);
  }

  #add(
    key: ObjectKey,
    bytes: Uint8Array,
    attributes: ObjectAttributes,
    checksums: Pick<NewObject, 'sha256' | 'crc32'> = {},
  ): StoredObject {
    if (attributes.lock !== undefined && this.#options.objectLock !== true) {
      throw s3Error('PutObject', key, 'InvalidRequest', 'permanent');
    }
    const body = copyOf(bytes);
    return this.#stored(this.#objects.add(key, { body, attributes, ...checksums }), body);
  }

  #stored({ versionId }: ObjectVersion, body: Uint8Array): StoredObject {
    const digest = { etag: etagOf(body), md5: md5Of(body) };
    return this.#versioning === 'off' ? digest : { ...digest, versionId };
  }

  #open(key: ObjectKey, attributes: ObjectAttributes): string {
    this.#opened += 1;
    const uploadId = `upload-${this.#opened}`;
    this.#uploads.set(uploadId, { key, uploadId, initiated: this.#clock(), parts: new Map(), attributes });
    return uploadId;
  }

  #upload(operation: string, key: ObjectKey, uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) throw s3Error(operation, key, 'NoSuchUpload', 'not-found');
    return upload;
  }

  #putPart(key: ObjectKey, uploadId: string, { number, bytes, crc32: expected }: Part): void {
    const { parts } = this.#upload('UploadPart', key, uploadId);
    if (crc32(bytes) !== expected) throw s3Error('UploadPart', key, 'BadDigest', 'permanent');
    parts.set(number, copyOf(bytes));
  }

  /** Takes the upload off the list and makes an object of the parts that are named. */
  #complete(
    key: ObjectKey,
    uploadId: string,
    named: ReadonlySet<number>,
    whole: { readonly size: number; readonly crc32: number },
  ): StoredObject {
    const { parts, attributes } = this.#upload('CompleteMultipartUpload', key, uploadId);
    const inOrder = [...parts].filter(([number]) => named.has(number)).sort(([a], [b]) => a - b);
    const body = Buffer.concat(inOrder.map(([, bytes]) => bytes));
    const hasGap = inOrder.some(([number], index) => number !== index + 1);
    if (hasGap || body.length !== whole.size || crc32(body) !== whole.crc32) {
      throw s3Error('CompleteMultipartUpload', key, hasGap ? 'InvalidPart' : 'BadDigest', 'permanent');
    }
    this.#uploads.delete(uploadId);
    return this.#add(key, body, attributes, { crc32: whole.crc32.toString(16).padStart(8, '0') });
  }
}

function etagOf(body: Uint8Array): string {
  return `"${md5Of(body)}"`;
}

function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

function folders(prefix: string, keys: readonly string[]): Set<string> {
  const ends = keys.map((key) => ({ key, end: key.indexOf('/', prefix.length) })).filter(({ end }) => end !== -1);
  return new Set(ends.map(({ key, end }) => key.slice(0, end + 1)));
}

async function* oneChunk(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body.length > 0) yield copyOf(body);
}

/** Not `slice`, which shares the memory of a Buffer. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
