import type { PolicyDocument } from '../policy/document.ts';
import { KeyIndex } from './key-index.ts';
import type { MultipartUpload } from './multipart.ts';
import type { Version } from './objects.ts';

export interface DefaultRetention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

/** A bucket and everything in it. The versions of a key stand oldest first. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  /** Account id. */
  readonly owner: string;
  readonly created: Date;
  readonly versions: KeyIndex<readonly Version[]>;
  readonly uploads: Map<string, MultipartUpload>;
  /** Configuration documents as they were put, by sub-resource. */
  readonly configurations: Map<string, string>;
  versioning: 'Enabled' | 'Suspended' | undefined;
  objectLock: boolean;
  defaultRetention: DefaultRetention | undefined;
  policy: PolicyDocument | undefined;
}

export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  readonly owner: string;
  readonly versioning?: boolean;
  readonly objectLock?: boolean;
}

export function makeBucket(settings: BucketSettings, created: Date): Bucket {
  const objectLock = settings.objectLock ?? false;
  return {
    name: settings.name,
    region: settings.region,
    owner: settings.owner,
    created,
    versions: new KeyIndex(),
    uploads: new Map(),
    configurations: new Map(),
    versioning: objectLock || settings.versioning ? 'Enabled' : undefined,
    objectLock,
    defaultRetention: undefined,
    policy: undefined,
  };
}
