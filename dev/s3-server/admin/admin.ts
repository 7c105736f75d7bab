import type { BucketOptions } from '../options.ts';
import { type PolicyInput, parsePolicy } from '../policy/document.ts';
import type { ServerState } from '../state.ts';
import type { Bucket } from '../storage/bucket.ts';
import { makeBucket } from '../storage/bucket.ts';
import type { ObjectChecksum, ObjectLock, ObjectVersion, Version } from '../storage/objects.ts';
import { currentObject } from '../storage/versions.ts';
import type { IssuerRegistration } from '../sts/identity-providers.ts';
import type { RoleSettings } from '../sts/roles.ts';

/** An object (or a version of one) as tests look at it. */
export interface ObjectView {
  readonly key: string;
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly latest: boolean;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
  readonly storageClass: string;
  readonly contentType: string | undefined;
  /** User metadata without its `x-amz-meta-` prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum: ObjectChecksum | undefined;
  readonly lock: ObjectLock | undefined;
  readonly encryption: string | undefined;
  /** Sizes of the parts it was uploaded in. */
  readonly parts: readonly number[] | undefined;
}

export interface UploadView {
  readonly key: string;
  readonly uploadId: string;
  readonly started: Date;
  readonly parts: readonly number[];
}

const METADATA_PREFIX = 'x-amz-meta-';

function metadataOf({ properties }: ObjectVersion): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties.headers).flatMap(([name, value]) =>
      name.startsWith(METADATA_PREFIX) ? [[name.slice(METADATA_PREFIX.length), value]] : [],
    ),
  );
}

const NO_OBJECT = {
  size: 0,
  etag: '',
  storageClass: '',
  contentType: undefined,
  metadata: {},
  headers: {},
  tags: {},
  checksum: undefined,
  lock: undefined,
  encryption: undefined,
  parts: undefined,
};

function view(key: string, version: Version, latest: boolean): ObjectView {
  const { versionId, modified } = version;
  const common = { key, versionId, modified, latest };
  if (version.kind === 'marker') return { ...NO_OBJECT, ...common, deleteMarker: true };
  return {
    ...common,
    deleteMarker: false,
    size: version.size,
    etag: version.etag,
    storageClass: version.properties.storageClass,
    contentType: version.properties.headers['content-type'],
    metadata: metadataOf(version),
    headers: version.properties.headers,
    tags: Object.fromEntries(version.tags.map((tag) => [tag.key, tag.value])),
    checksum: version.checksum,
    lock: version.lock,
    encryption: version.properties.encryption.algorithm,
    parts: version.parts?.map(({ size }) => size),
  };
}

/** The server from the inside: sets things up and looks at them, past signatures and policies. */
export class Admin {
  private readonly state: ServerState;

  constructor(state: ServerState) {
    this.state = state;
  }

  createBucket(options: string | BucketOptions): void {
    const { region, account, buckets, now } = this.state;
    const settings = typeof options === 'string' ? { name: options } : options;
    buckets.set(settings.name, makeBucket({ region, owner: account, ...settings }, now()));
  }

  /** A new bucket with the objects and the open uploads of another, to start many tests from one state. */
  copyBucket(from: string, to: string): void {
    const source = this.bucket(from);
    this.createBucket({ name: to, versioning: source.versioning !== undefined, objectLock: source.objectLock });
    const target = this.bucket(to);
    for (const [key, versions] of source.versions.entries()) {
      target.versions.set(key, versions);
      for (const version of versions) {
        if (version.kind === 'object') this.state.bodies.retain(version.bodies);
      }
    }
    for (const [id, upload] of source.uploads) {
      target.uploads.set(id, { ...upload, parts: new Map(upload.parts) });
      this.state.bodies.retain([...upload.parts.values()].map(({ body }) => body));
    }
  }

  /** Forgets a bucket, its uploads included. */
  dropBucket(name: string): void {
    const { versions, uploads } = this.bucket(name);
    for (const [, all] of versions.entries()) {
      for (const version of all) if (version.kind === 'object') this.state.bodies.release(version.bodies);
    }
    for (const { parts } of uploads.values()) this.state.bodies.release([...parts.values()].map(({ body }) => body));
    this.state.buckets.delete(name);
  }

  /** @param policy undefined takes the bucket's policy away. */
  putBucketPolicy(name: string, policy: PolicyInput | undefined): void {
    const bucket = this.bucket(name);
    bucket.policy = policy === undefined ? undefined : parsePolicy(policy, 'resource');
    if (policy === undefined) bucket.configurations.delete('policy');
    else bucket.configurations.set('policy', typeof policy === 'string' ? policy : JSON.stringify(policy));
  }

  setVersioning(name: string, status: 'Enabled' | 'Suspended'): void {
    this.bucket(name).versioning = status;
  }

  addRole(arn: string, settings: RoleSettings): void {
    this.state.roles.add(arn, settings);
  }

  addIssuer(issuer: string | IssuerRegistration): void {
    this.state.issuers.push(typeof issuer === 'string' ? { url: issuer } : issuer);
  }

  /** Current objects in key order. */
  listObjects(name: string, prefix = ''): ObjectView[] {
    return this.listVersions(name, prefix).filter(({ latest, deleteMarker }) => latest && !deleteMarker);
  }

  /** Every version and delete marker, in key order and newest first. */
  listVersions(name: string, prefix = ''): ObjectView[] {
    const views: ObjectView[] = [];
    for (const [key, versions] of this.bucket(name).versions.entries(prefix)) {
      if (!key.startsWith(prefix)) break;
      views.push(...versions.map((version, at) => view(key, version, at === versions.length - 1)).reverse());
    }
    return views;
  }

  listUploads(name: string): UploadView[] {
    return [...this.bucket(name).uploads.values()].map(({ key, id, started, parts }) => ({
      key,
      uploadId: id,
      started,
      parts: [...parts.values()].map(({ body }) => body.size),
    }));
  }

  /** The bytes of a current object; undefined when there is none. Meant for small ones. */
  async getObject(name: string, key: string): Promise<Buffer | undefined> {
    const object = currentObject(this.bucket(name), key);
    if (object === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.state.bodies.read(object.bodies, 0, object.size - 1)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  private bucket(name: string): Bucket {
    const bucket = this.state.buckets.get(name);
    if (bucket === undefined) throw new Error(`there is no bucket ${name}`);
    return bucket;
  }
}
