import { accessDenied, invalidRequest, methodNotAllowed, S3Error } from '../errors.ts';
import type { Answer } from '../http/answer.ts';
import type { HeaderMap } from '../http/headers.ts';
import type { ObjectVersion, Version } from '../storage/objects.ts';
import { findVersion } from '../storage/versions.ts';
import { checkReadConditions } from './conditions.ts';
import { type BucketContext, versionIdOf } from './context.ts';
import { checksumOf } from './object-checksum.ts';
import { checksumHeaders, objectHeaders } from './object-headers.ts';
import { type ByteRange, partRange, rangeOf } from './ranges.ts';

const CUSTOMER_KEY_MD5 = 'x-amz-server-side-encryption-customer-key-md5';

/**
 * The version a read names. Whoever may not list the bucket is not told that a key is missing, either.
 * @throws {S3Error} NoSuchKey, NoSuchVersion, AccessDenied.
 */
export function findReadable(context: BucketContext): Version {
  const { access, bucket, request } = context;
  try {
    return findVersion(bucket, request.key, versionIdOf(request));
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchKey') access.demand('s3:ListBucket', { bucket: bucket.name });
    throw error;
  }
}

/** @throws {S3Error} as `findReadable`; MethodNotAllowed for a delete marker. */
export function findReadableObject(context: BucketContext): ObjectVersion {
  const version = findReadable(context);
  if (version.kind === 'object') return version;
  throw methodNotAllowed({
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': version.versionId,
    'last-modified': version.modified.toUTCString(),
  });
}

function checkCustomerKey(headers: HeaderMap, { properties }: ObjectVersion): void {
  const { customerKeyMd5 } = properties.encryption;
  if (customerKeyMd5 === undefined || headers[CUSTOMER_KEY_MD5] === customerKeyMd5) return;
  if (headers[CUSTOMER_KEY_MD5] !== undefined) throw accessDenied();
  throw invalidRequest(
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  );
}

const lockVisibility = ({ access, bucket, request }: BucketContext) => ({
  retention: access.permits('s3:GetObjectRetention', { bucket: bucket.name, key: request.key }),
  legalHold: access.permits('s3:GetObjectLegalHold', { bucket: bucket.name, key: request.key }),
});

/** `response-content-type` and its like stand in for the stored headers. */
function overrides(query: URLSearchParams): HeaderMap {
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => (name.startsWith('response-') ? [[name.slice(9), value]] : [])),
  );
}

async function describe(context: BucketContext, object: ObjectVersion, range: ByteRange): Promise<HeaderMap> {
  const { bucket, request, server } = context;
  const wantsChecksum = request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && !range.partial;
  const byPart = request.query.has('partNumber') && object.parts !== undefined;
  return {
    ...objectHeaders(bucket, object, lockVisibility(context)),
    ...(wantsChecksum ? checksumHeaders(await checksumOf(server, object)) : {}),
    ...overrides(request.query),
    'content-length': String(range.last - range.first + 1),
    'content-range': range.partial ? `bytes ${range.first}-${range.last}/${object.size}` : undefined,
    'x-amz-mp-parts-count': byPart ? String(object.parts?.length) : undefined,
  };
}

/** Small objects go out as they lie in memory, others as a stream. */
function content({ server }: BucketContext, object: ObjectVersion, { first, last }: ByteRange): Partial<Answer> {
  const [only] = object.bodies;
  if (object.bodies.length === 1 && only !== undefined && 'bytes' in only.content) {
    return { body: only.content.bytes.subarray(first, last + 1) };
  }
  return last < first ? {} : { stream: server.bodies.read(object.bodies, first, last) };
}

/** GetObject and HeadObject. */
export async function getObject(context: BucketContext): Promise<Answer> {
  const { request } = context;
  const object = findReadableObject(context);
  checkCustomerKey(request.headers, object);
  checkReadConditions(request.headers, object);
  const part = request.query.get('partNumber');
  const range = part === null ? rangeOf(request.headers.range, object.size) : partRange(Number(part), object);
  const headers = await describe(context, object, range);
  const status = range.partial ? 206 : 200;
  return { status, headers, ...(request.method === 'HEAD' ? {} : content(context, object, range)) };
}
