import { compareUtf8 } from '../../../src/byte-order.ts';
import { invalidArgument } from '../errors.ts';
import { type Answer, xmlAnswer } from '../http/answer.ts';
import { uriEncode } from '../sigv4/signature.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { ObjectVersion } from '../storage/objects.ts';
import type { XmlNode } from '../xml/write.ts';
import type { BucketContext } from './context.ts';
import { type KeyedRow, type PageRequest, pageSize, takePage } from './paging.ts';

type Encode = (text: string) => string;

/** Where a listing starts reading: at the prefix, or behind it where the page before ended. */
export function startOf(prefix: string, after: string | undefined): string {
  return after !== undefined && compareUtf8(after, prefix) > 0 ? after : prefix;
}

function* currentObjects(bucket: Bucket, page: PageRequest): Generator<KeyedRow<readonly [string, ObjectVersion]>> {
  for (const [key, versions] of bucket.versions.entries(startOf(page.prefix, page.after))) {
    const newest = versions.at(-1);
    if (newest?.kind === 'object' && key !== page.after) yield [key, [key, newest]];
  }
}

/** How keys are written: as they are, or percent-encoded where the client asked for it. */
export function keyEncoding(query: URLSearchParams): Encode {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request');
  return encoding === null ? (text) => text : (text) => uriEncode(text).replaceAll('%2F', '/');
}

const toToken = (key: string): string => Buffer.from(key).toString('base64url');
const fromToken = (token: string): string => Buffer.from(token, 'base64url').toString();

const entry = (key: string, { modified, etag, size, checksum, properties }: ObjectVersion): XmlNode => ({
  Key: key,
  LastModified: modified,
  ETag: etag,
  ChecksumAlgorithm: checksum?.algorithm,
  ChecksumType: checksum?.type,
  Size: size,
  StorageClass: properties.storageClass,
});

function pageRequest({ server, request: { query } }: BucketContext, after: string | undefined): PageRequest {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxRows: pageSize(query.get('max-keys'), 'max-keys', server.personality.maxKeysPerPage),
    after,
  };
}

function listing(
  context: BucketContext,
  request: PageRequest,
): { node: XmlNode; count: number; next: string | undefined } {
  const { bucket } = context;
  const encode = keyEncoding(context.request.query);
  const page = takePage(currentObjects(bucket, request), request);
  const node: XmlNode = {
    Name: bucket.name,
    Prefix: encode(request.prefix),
    Delimiter: request.delimiter === '' ? undefined : encode(request.delimiter),
    MaxKeys: request.maxRows,
    EncodingType: context.request.query.get('encoding-type') ?? undefined,
    IsTruncated: page.truncated,
    Contents: page.rows.map(([key, object]) => entry(encode(key), object)),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
  return { node, count: page.rows.length + page.prefixes.length, next: page.truncated ? page.last : undefined };
}

export function listObjectsV2(context: BucketContext): Answer {
  const { query } = context.request;
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? undefined) : fromToken(token);
  const { node, count, next } = listing(context, pageRequest(context, after));
  return xmlAnswer('ListBucketResult', {
    ...node,
    KeyCount: count,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: next === undefined ? undefined : toToken(next),
    StartAfter: query.get('start-after') ?? undefined,
  });
}

export function listObjects(context: BucketContext): Answer {
  const marker = context.request.query.get('marker') ?? undefined;
  const { node, next } = listing(context, pageRequest(context, marker));
  const encode = keyEncoding(context.request.query);
  return xmlAnswer('ListBucketResult', {
    ...node,
    Marker: encode(marker ?? ''),
    NextMarker: next === undefined ? undefined : encode(next),
  });
}
