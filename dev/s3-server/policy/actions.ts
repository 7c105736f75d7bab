import type { HeaderMap } from '../http/headers.ts';
import type { S3Request } from '../http/request.ts';
import type { S3Operation } from '../http/routes.ts';
import { CONFIGURATIONS, type ConfigurationOperation } from '../operations/configurations.ts';

type Rule = (request: S3Request) => readonly string[];

const fixed =
  (...actions: readonly string[]): Rule =>
  () =>
    actions;

/** `s3:GetObject`, or `s3:GetObjectVersion` for a named version. */
const versioned =
  (verb: string, rest = ''): Rule =>
  ({ query }) => [`s3:${verb}Object${query.has('versionId') ? 'Version' : ''}${rest}`];

const all =
  (...rules: readonly Rule[]): Rule =>
  (request) =>
    rules.flatMap((rule) => rule(request));

const present =
  (action: string, ...names: readonly string[]): Rule =>
  ({ headers }) =>
    names.some((name) => headers[name] !== undefined) ? [action] : [];

const bypasses = (headers: HeaderMap): boolean =>
  headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';

/** What the headers that describe a new object need on top of `s3:PutObject`. */
const describes: Rule = all(
  present('s3:PutObjectTagging', 'x-amz-tagging'),
  present('s3:PutObjectRetention', 'x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date'),
  present('s3:PutObjectLegalHold', 'x-amz-object-lock-legal-hold'),
  present('s3:PutObjectAcl', 'x-amz-acl'),
);
const replaces: Rule = present('s3:GetObject', 'if-match');

/** What deleting one key needs. */
export function deletePermissions(deletion: {
  readonly versioned: boolean;
  readonly bypassGovernance: boolean;
  readonly conditional: boolean;
}): readonly string[] {
  return [
    deletion.versioned ? 's3:DeleteObjectVersion' : 's3:DeleteObject',
    ...(deletion.bypassGovernance ? ['s3:BypassGovernanceRetention'] : []),
    ...(deletion.conditional ? ['s3:GetObject'] : []),
  ];
}

const deletes: Rule = ({ query, headers }) =>
  deletePermissions({
    versioned: query.has('versionId'),
    bypassGovernance: bypasses(headers),
    conditional: headers['if-match'] !== undefined,
  });

const configurations = Object.fromEntries(
  CONFIGURATIONS.flatMap(({ name, permission }) => [
    [`GetBucket${name}`, fixed(`s3:Get${permission}`)],
    [`PutBucket${name}`, fixed(`s3:Put${permission}`)],
    [`DeleteBucket${name}`, fixed(permission === 'BucketPolicy' ? 's3:DeleteBucketPolicy' : `s3:Put${permission}`)],
  ]),
) as Record<ConfigurationOperation, Rule>;

const RULES: Readonly<Record<S3Operation, Rule>> = {
  ...configurations,
  ListBuckets: fixed('s3:ListAllMyBuckets'),
  CreateBucket: fixed('s3:CreateBucket'),
  HeadBucket: fixed('s3:ListBucket'),
  DeleteBucket: fixed('s3:DeleteBucket'),
  GetBucketLocation: fixed('s3:GetBucketLocation'),
  GetBucketVersioning: fixed('s3:GetBucketVersioning'),
  PutBucketVersioning: fixed('s3:PutBucketVersioning'),
  GetObjectLockConfiguration: fixed('s3:GetBucketObjectLockConfiguration'),
  PutObjectLockConfiguration: fixed('s3:PutBucketObjectLockConfiguration'),
  ListObjects: fixed('s3:ListBucket'),
  ListObjectsV2: fixed('s3:ListBucket'),
  ListObjectVersions: fixed('s3:ListBucketVersions'),
  ListMultipartUploads: fixed('s3:ListBucketMultipartUploads'),
  DeleteObjects: fixed(), // judged key by key
  PutObject: all(fixed('s3:PutObject'), describes, replaces),
  CopyObject: all(fixed('s3:PutObject'), describes, replaces),
  GetObject: versioned('Get'),
  HeadObject: versioned('Get'),
  DeleteObject: deletes,
  GetObjectAttributes: all(versioned('Get'), versioned('Get', 'Attributes')),
  GetObjectTagging: versioned('Get', 'Tagging'),
  PutObjectTagging: versioned('Put', 'Tagging'),
  DeleteObjectTagging: versioned('Delete', 'Tagging'),
  GetObjectRetention: fixed('s3:GetObjectRetention'),
  PutObjectRetention: all(fixed('s3:PutObjectRetention'), ({ headers }) =>
    bypasses(headers) ? ['s3:BypassGovernanceRetention'] : [],
  ),
  GetObjectLegalHold: fixed('s3:GetObjectLegalHold'),
  PutObjectLegalHold: fixed('s3:PutObjectLegalHold'),
  CreateMultipartUpload: all(fixed('s3:PutObject'), describes),
  UploadPart: fixed('s3:PutObject'),
  UploadPartCopy: fixed('s3:PutObject'),
  ListParts: fixed('s3:ListMultipartUploadParts'),
  CompleteMultipartUpload: all(fixed('s3:PutObject'), replaces),
  AbortMultipartUpload: fixed('s3:AbortMultipartUpload'),
};

/**
 * The IAM actions that a request needs on its bucket or object.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const requiredActions = (operation: S3Operation, request: S3Request): readonly string[] =>
  RULES[operation](request);
