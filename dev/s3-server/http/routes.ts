import { methodNotAllowed, notImplemented } from '../errors.ts';
import { CONFIGURATIONS, type ConfigurationOperation } from '../operations/configurations.ts';
import type { S3Request } from './request.ts';

/** Operations of the S3 API by their names in its reference. */
export type S3Operation =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'PutBucketVersioning'
  | 'GetObjectLockConfiguration'
  | 'PutObjectLockConfiguration'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'ListMultipartUploads'
  | 'DeleteObjects'
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'GetObjectAttributes'
  | 'GetObjectTagging'
  | 'PutObjectTagging'
  | 'DeleteObjectTagging'
  | 'GetObjectRetention'
  | 'PutObjectRetention'
  | 'GetObjectLegalHold'
  | 'PutObjectLegalHold'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | ConfigurationOperation;

type Methods = Readonly<Partial<Record<string, S3Operation>>>;
type Subresources = Readonly<Record<string, Methods>>;

const BUCKET: Methods = { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket', GET: 'ListObjects' };

const BUCKET_SUBRESOURCES: Subresources = {
  location: { GET: 'GetBucketLocation' },
  versioning: { GET: 'GetBucketVersioning', PUT: 'PutBucketVersioning' },
  'object-lock': { GET: 'GetObjectLockConfiguration', PUT: 'PutObjectLockConfiguration' },
  versions: { GET: 'ListObjectVersions' },
  uploads: { GET: 'ListMultipartUploads' },
  delete: { POST: 'DeleteObjects' },
  ...Object.fromEntries(
    CONFIGURATIONS.map(({ subresource, name }) => [
      subresource,
      { GET: `GetBucket${name}`, PUT: `PutBucket${name}`, DELETE: `DeleteBucket${name}` } as const,
    ]),
  ),
};

const OBJECT: Methods = { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' };

const OBJECT_SUBRESOURCES: Subresources = {
  uploads: { POST: 'CreateMultipartUpload' },
  uploadId: {
    PUT: 'UploadPart',
    GET: 'ListParts',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
  },
  tagging: { GET: 'GetObjectTagging', PUT: 'PutObjectTagging', DELETE: 'DeleteObjectTagging' },
  retention: { GET: 'GetObjectRetention', PUT: 'PutObjectRetention' },
  'legal-hold': { GET: 'GetObjectLegalHold', PUT: 'PutObjectLegalHold' },
  attributes: { GET: 'GetObjectAttributes' },
};

/** Sub-resources that S3 has and this server has not; without the list they would pass for the plain operation. */
const UNSUPPORTED = new Set([
  ...['accelerate', 'acl', 'analytics', 'intelligent-tiering', 'inventory', 'logging', 'metrics', 'policyStatus'],
  ...['replication', 'requestPayment', 'restore', 'select', 'session', 'torrent', 'website'],
]);

function methodsFor(query: URLSearchParams, plain: Methods, subresources: Subresources): Methods {
  for (const name of query.keys()) {
    if (UNSUPPORTED.has(name)) throw notImplemented(`The sub-resource ${name} is not implemented`);
    const methods = subresources[name];
    if (methods !== undefined) return methods;
  }
  return plain;
}

function variant(operation: S3Operation, { query, headers }: S3Request): S3Operation {
  const copies = headers['x-amz-copy-source'] !== undefined;
  if (operation === 'PutObject' && copies) return 'CopyObject';
  if (operation === 'UploadPart' && copies) return 'UploadPartCopy';
  if (operation === 'ListObjects' && query.get('list-type') === '2') return 'ListObjectsV2';
  return operation;
}

/**
 * The operation that a request asks for.
 * @throws {S3Error} NotImplemented or MethodNotAllowed.
 */
export function operationOf(request: S3Request): S3Operation {
  const { method, bucket, key, query } = request;
  if (bucket === '') {
    if (method === 'GET') return 'ListBuckets';
    throw methodNotAllowed();
  }
  const methods =
    key === '' ? methodsFor(query, BUCKET, BUCKET_SUBRESOURCES) : methodsFor(query, OBJECT, OBJECT_SUBRESOURCES);
  const operation = methods[method];
  if (operation === undefined) throw methodNotAllowed();
  return variant(operation, request);
}
