import { accessDenied, badRequest, invalidRequest, S3Error } from '../errors.ts';
import type { HeaderMap } from '../http/headers.ts';
import type { Principal } from '../policy/principal.ts';
import type { CredentialTable } from './credentials.ts';
import { type PresentedSignature, presentedSignature } from './presented.ts';
import { canonicalRequest, equalText, hmac, type SigningScope, signingKey, stringToSign } from './signature.ts';

const MAX_SKEW_MINUTES = 15;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: HeaderMap;
}

/** What the server expects of a signature. */
export interface Expectation {
  readonly service: 's3' | 'sts';
  /** Refuses a scope of another region; absent for STS, whose sessions hold everywhere. */
  readonly checkRegion?: (region: string) => void;
  /** Stands in for a missing `x-amz-content-sha256`. STS requests have none: it is the digest of their body. */
  readonly payload?: string;
  readonly now: Date;
}

/** A verified signature, with what the signatures of the body's chunks continue from. */
export interface Authentication {
  readonly principal: Principal;
  readonly payload: string;
  readonly key: Buffer;
  readonly scope: SigningScope;
  readonly amzDate: string;
  readonly signature: string;
}

function parseAmzDate(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'));
}

function checkTime({ amzDate, expiresSeconds }: PresentedSignature, now: Date): void {
  const signed = parseAmzDate(amzDate);
  if (expiresSeconds !== undefined) {
    if (!(now.getTime() <= signed + expiresSeconds * 1000)) throw accessDenied('Request has expired');
    return;
  }
  if (Math.abs(now.getTime() - signed) <= MAX_SKEW_MINUTES * 60_000) return;
  throw new S3Error(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    {
      detail: {
        RequestTime: amzDate,
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: String(MAX_SKEW_MINUTES * 60_000),
      },
    },
  );
}

function payloadOf(presented: PresentedSignature, headers: HeaderMap, expected: Expectation): string {
  if (presented.expiresSeconds !== undefined) return UNSIGNED_PAYLOAD;
  const payload = headers['x-amz-content-sha256'] ?? expected.payload;
  if (payload === undefined) throw invalidRequest('Missing required header for this request: x-amz-content-sha256');
  return payload;
}

/**
 * Checks a request's SigV4 signature, in a header or in the query.
 * @throws {S3Error} the code S3 gives for what is wrong with it.
 */
export function verifySignature(request: SignedRequest, table: CredentialTable, expected: Expectation): Authentication {
  const presented = presentedSignature(request.headers, request.query);
  const { scope, amzDate, signature } = presented;
  const credential = table.find(presented.accessKeyId, presented.sessionToken, expected.now);
  if (scope.service !== expected.service) {
    throw badRequest(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; incorrect service "${scope.service}". This endpoint belongs to "${expected.service}".`,
    );
  }
  expected.checkRegion?.(scope.region);
  checkTime(presented, expected.now);
  const payload = payloadOf(presented, request.headers, expected);
  const canonical = canonicalRequest({ ...request, signedHeaders: presented.signedHeaders, payload });
  const key = signingKey(credential.secretAccessKey, scope);
  const calculated = hmac(key, stringToSign(amzDate, scope, canonical)).toString('hex');
  if (!equalText(calculated, signature)) {
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  return { principal: credential.principal, payload, key, scope, amzDate, signature };
}
