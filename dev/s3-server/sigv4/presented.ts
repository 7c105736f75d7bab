import { accessDenied, badRequest, invalidRequest } from '../errors.ts';
import type { HeaderMap } from '../http/headers.ts';
import { ALGORITHM, type SigningScope } from './signature.ts';

/** The signature a request shows, in its Authorization header or (presigned) in its query. */
export interface PresentedSignature {
  readonly accessKeyId: string;
  readonly scope: SigningScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly amzDate: string;
  /** Lifetime of a presigned URL in seconds. */
  readonly expiresSeconds: number | undefined;
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/u;

function parseCredential(credential: string): { accessKeyId: string; scope: SigningScope } {
  const [accessKeyId, date, region, service, terminator] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request') {
    throw badRequest(
      'AuthorizationHeaderMalformed',
      'The authorization header is malformed; the Credential is mal-formed',
    );
  }
  return { accessKeyId, scope: { date, region, service } };
}

function fromHeaders(headers: HeaderMap): PresentedSignature {
  const [, credential, signedHeaders, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    if (headers.authorization === undefined) throw accessDenied();
    throw invalidRequest(`The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`);
  }
  return {
    ...parseCredential(credential),
    signedHeaders: signedHeaders.split(';'),
    signature,
    sessionToken: headers['x-amz-security-token'],
    amzDate: headers['x-amz-date'] ?? '',
    expiresSeconds: undefined,
  };
}

function fromQuery(query: URLSearchParams): PresentedSignature {
  return {
    ...parseCredential(query.get('X-Amz-Credential') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    amzDate: query.get('X-Amz-Date') ?? '',
    expiresSeconds: Number(query.get('X-Amz-Expires') ?? 0),
  };
}

/** @throws {S3Error} AccessDenied when the request is not signed, AuthorizationHeaderMalformed when badly. */
export function presentedSignature(headers: HeaderMap, query: URLSearchParams): PresentedSignature {
  return query.has('X-Amz-Signature') ? fromQuery(query) : fromHeaders(headers);
}
