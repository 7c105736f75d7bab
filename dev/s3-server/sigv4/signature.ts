import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const KEY_CACHE_ENTRIES = 256;

/** What a signature holds good for. `date` is `YYYYMMDD`. */
export interface SigningScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface CanonicalRequest {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  readonly query: Iterable<readonly [string, string]>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Names of the signed headers, in the order of the signature. */
  readonly signedHeaders: readonly string[];
  /** `x-amz-content-sha256`: a digest in hex, or one of the names for an unsigned or streamed payload. */
  readonly payload: string;
}

export const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** RFC 3986: everything but the unreserved characters is encoded, in UTF-8 and upper-case hex. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export function equalText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => uriEncode(decodeURIComponent(segment)))
    .join('/');

const canonicalQuery = (query: Iterable<readonly [string, string]>): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort()
    .join('&');

const canonicalHeader = (value: string | undefined): string => (value ?? '').trim().replace(/ +/gu, ' ');

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function canonicalRequest(request: CanonicalRequest): string {
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...request.signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}`),
    '',
    request.signedHeaders.join(';'),
    request.payload,
  ].join('\n');
}

export const scopeText = ({ date, region, service }: SigningScope): string =>
  `${date}/${region}/${service}/aws4_request`;

export function stringToSign(amzDate: string, scope: SigningScope, canonical: string): string {
  return [ALGORITHM, amzDate, scopeText(scope), sha256Hex(canonical)].join('\n');
}

const keys = new Map<string, Buffer>();

/** The key derived from a secret for one scope; kept, as a client uses the same one all day. */
export function signingKey(secretAccessKey: string, scope: SigningScope): Buffer {
  const cacheKey = `${secretAccessKey}\n${scopeText(scope)}`;
  const cached = keys.get(cacheKey);
  if (cached !== undefined) return cached;
  const key = [scope.date, scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${secretAccessKey}`,
  ) as Buffer;
  if (keys.size >= KEY_CACHE_ENTRIES) keys.clear();
  keys.set(cacheKey, key);
  return key;
}
