/**
 * What the IAM has to allow, in one table: the session policy, the minimal policies in the README and the messages of
 * denied requests are all made from it. Source: Service Authorization Reference, "Actions defined by Amazon S3".
 */

/**
 * What an action is granted on. `objects` are all of the series, `pins` those below its `pins/`; `list` is the bucket,
 * narrowed to the series by the key `s3:prefix`.
 */
export type Scope = 'objects' | 'pins' | 'bucket' | 'list' | 'kms';

export interface Grant {
  readonly scope: Scope;
  readonly actions: readonly string[];
}

export type Feature = keyof typeof GRANTS;

export const GRANTS = {
  /** Look at a series: its versions, pins, claims, and the state of the bucket. */
  read: [
    { scope: 'list', actions: ['s3:ListBucket'] },
    { scope: 'objects', actions: ['s3:GetObject'] },
    // The rules are read to warn of those that delete backups; without the right to nothing is said.
    { scope: 'bucket', actions: ['s3:GetBucketVersioning', 's3:GetLifecycleConfiguration'] },
  ],
  /** Put objects, in one request or in parts, and clean up parts of interrupted runs. */
  write: [
    { scope: 'objects', actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'] },
    // This action knows no s3:prefix condition, so it cannot be narrowed to the series.
    { scope: 'bucket', actions: ['s3:ListBucketMultipartUploads'] },
  ],
  tags: [{ scope: 'objects', actions: ['s3:PutObjectTagging'] }],
  prune: [
    { scope: 'objects', actions: ['s3:DeleteObject', 's3:GetObjectRetention', 's3:GetObjectLegalHold'] },
    // Amazon asks for it on the keys only; Ceph wants it on the bucket too before it looks at a DeleteObjects.
    { scope: 'bucket', actions: ['s3:DeleteObject'] },
  ],
  'prune-noncurrent': [
    { scope: 'list', actions: ['s3:ListBucketVersions'] },
    { scope: 'objects', actions: ['s3:DeleteObjectVersion', 's3:GetObjectVersion'] },
    { scope: 'bucket', actions: ['s3:DeleteObjectVersion'] },
  ],
  /** Lock objects as they are written, and longer once newer versions lean on them. */
  lock: [{ scope: 'objects', actions: ['s3:PutObjectRetention'] }],
  'legal-hold': [{ scope: 'objects', actions: ['s3:PutObjectLegalHold'] }],
  /** See whether the bucket has Object Lock. */
  'see-object-lock': [{ scope: 'bucket', actions: ['s3:GetBucketObjectLockConfiguration'] }],
  /** See what is locked: for a dry run, which deletes nothing, and before the objects of older versions are locked longer. */
  locks: [{ scope: 'objects', actions: ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] }],
  /** See the uploads that killed runs left open: for a dry run, which ends none. */
  'see-uploads': [{ scope: 'bucket', actions: ['s3:ListBucketMultipartUploads'] }],
  /** See what is hidden in a versioned bucket, and read it: for a dry run, which erases nothing. */
  'see-hidden': [
    { scope: 'list', actions: ['s3:ListBucketVersions'] },
    { scope: 'objects', actions: ['s3:GetObjectVersion'] },
  ],
  /** End the uploads that killed runs left open. */
  'clean-up': [
    { scope: 'objects', actions: ['s3:AbortMultipartUpload'] },
    { scope: 'bucket', actions: ['s3:ListBucketMultipartUploads'] },
  ],
  pin: [{ scope: 'pins', actions: ['s3:PutObject'] }],
  unpin: [
    { scope: 'pins', actions: ['s3:DeleteObject'] },
    { scope: 'bucket', actions: ['s3:DeleteObject'] },
  ],
  /** Read what is encrypted with a KMS key. */
  decrypt: [{ scope: 'kms', actions: ['kms:Decrypt'] }],
  /** Objects encrypted with a KMS key, also where the bucket's default encryption does it unasked. */
  kms: [{ scope: 'kms', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] }],
} as const satisfies Record<string, readonly Grant[]>;

/** What a backup does, as far as permissions go. */
export interface BackupTraits {
  readonly tags: boolean;
  readonly prune: boolean;
  readonly pruneNoncurrent: boolean;
  /** Objects are locked as they are written, or also put under a legal hold. Absent: neither. */
  readonly lock?: 'retained' | 'held';
  /**
   * Objects may be encrypted with a KMS key. Default true, as a bucket of Amazon S3 may do so unasked; false for other
   * stores, which know no such actions, and whose STS may refuse a policy with one (Ceph 16 does).
   */
  readonly kms?: boolean;
}

/** The features a backup needs. */
export function backupFeatures({ tags, prune, pruneNoncurrent, lock, kms = true }: BackupTraits): Feature[] {
  return [
    'read',
    'write',
    ...(tags ? (['tags'] as const) : []),
    ...(lock === undefined ? [] : (['lock', 'locks', 'see-object-lock'] as const)),
    ...(lock === 'held' ? (['legal-hold'] as const) : []),
    ...(prune ? (['prune'] as const) : []),
    ...(prune && pruneNoncurrent ? (['prune-noncurrent'] as const) : []),
    ...(kms ? (['kms'] as const) : []),
  ];
}

/** Of commands that only look: `list`, `restore`, `verify`. */
export const READ_FEATURES: readonly Feature[] = ['read', 'decrypt'];

/** Of a dry run: what it may not change, its session cannot change. */
export function dryRunFeatures({ pruneNoncurrent }: Pick<BackupTraits, 'pruneNoncurrent'>): Feature[] {
  return [...READ_FEATURES, 'locks', ...(pruneNoncurrent ? (['see-hidden'] as const) : [])];
}

/** Of the dry run of a prune by itself, which also looks for uploads that were left open. */
export function dryPruneFeatures(traits: Pick<BackupTraits, 'pruneNoncurrent'>): Feature[] {
  return [...dryRunFeatures(traits), 'see-uploads'];
}

/** Of a prune by itself. It cannot write, so a role for it alone cannot put anything in the place of a backup. */
export function pruneFeatures({ pruneNoncurrent }: Pick<BackupTraits, 'pruneNoncurrent'>): Feature[] {
  return [...READ_FEATURES, 'prune', ...(pruneNoncurrent ? (['prune-noncurrent'] as const) : []), 'clean-up'];
}

/** Of pinning, which creates a pin, or of unpinning, which deletes it. */
export function pinFeatures(change: 'pin' | 'unpin'): Feature[] {
  return change === 'pin' ? ['read', 'pin', 'kms'] : [...READ_FEATURES, 'unpin'];
}

/** The actions of `features` on one scope, without repetition, in the order of the table. */
export function requiredActions(features: readonly Feature[], scope: Scope): string[] {
  const grants = features.flatMap((feature): readonly Grant[] => GRANTS[feature]);
  return [...new Set(grants.filter((grant) => grant.scope === scope).flatMap((grant) => grant.actions))];
}

/** The IAM actions an S3 operation needs, the main one first (S3 API Reference, "Permissions" of each operation). */
const OPERATION_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  PutObject: ['s3:PutObject'],
  CreateMultipartUpload: ['s3:PutObject'],
  UploadPart: ['s3:PutObject'],
  CompleteMultipartUpload: ['s3:PutObject'],
  CopyObject: ['s3:PutObject', 's3:GetObject'],
  AbortMultipartUpload: ['s3:AbortMultipartUpload'],
  ListParts: ['s3:ListMultipartUploadParts'],
  ListMultipartUploads: ['s3:ListBucketMultipartUploads'],
  GetObject: ['s3:GetObject'],
  HeadObject: ['s3:GetObject'],
  GetObjectTagging: ['s3:GetObjectTagging'],
  PutObjectTagging: ['s3:PutObjectTagging'],
  GetObjectRetention: ['s3:GetObjectRetention'],
  PutObjectRetention: ['s3:PutObjectRetention'],
  GetObjectLegalHold: ['s3:GetObjectLegalHold'],
  PutObjectLegalHold: ['s3:PutObjectLegalHold'],
  ListObjectsV2: ['s3:ListBucket'],
  ListObjectVersions: ['s3:ListBucketVersions'],
  HeadBucket: ['s3:ListBucket'],
  GetBucketVersioning: ['s3:GetBucketVersioning'],
  GetBucketLifecycleConfiguration: ['s3:GetLifecycleConfiguration'],
  GetObjectLockConfiguration: ['s3:GetBucketObjectLockConfiguration'],
  DeleteObject: ['s3:DeleteObject'],
  DeleteObjects: ['s3:DeleteObject'],
};

const TAGGED_OPERATIONS: ReadonlySet<string> = new Set(['PutObject', 'CreateMultipartUpload']);

/** How a request differs from the plain operation, where that changes what it needs. */
export interface RequestTraits {
  /** Tags travel with the object. */
  readonly tagging?: boolean;
  /** A version is named, not just a key. */
  readonly versioned?: boolean;
}

/** The IAM actions one request needs; empty for an operation that is not in the table. */
export function actionsOf(operation: string, { tagging = false, versioned = false }: RequestTraits = {}): string[] {
  const actions = OPERATION_ACTIONS[operation] ?? [];
  const exact = versioned
    ? actions.map((action) => action.replace(/^(s3:(?:Get|Delete)Object)$/, '$1Version'))
    : actions;
  return tagging && TAGGED_OPERATIONS.has(operation) ? [...exact, 's3:PutObjectTagging'] : [...exact];
}
