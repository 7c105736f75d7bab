import { createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';

/** The payload of a token; claims are whatever the issuer says. */
export type Claims = Readonly<Record<string, unknown>>;

export interface JwtHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/** A token taken apart; nothing about it has been verified. */
export interface DecodedJwt {
  readonly header: JwtHeader;
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: Buffer;
}

export type Jwk = JsonWebKey & { readonly kid?: string };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decodeObject(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when the text is no JWT. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  const header = decodeObject(head);
  const claims = decodeObject(payload);
  if (header === undefined || claims === undefined || signature === '' || rest.length > 0) return undefined;
  return {
    header: { alg: String(header.alg), kid: typeof header.kid === 'string' ? header.kid : undefined },
    claims,
    signed: `${head}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether the token was signed (RS256) by the key. */
export function hasSignatureOf(token: DecodedJwt, jwk: Jwk): boolean {
  if (token.header.alg !== 'RS256') return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify('sha256', Buffer.from(token.signed), key, token.signature);
}

/** A token signed with RS256. */
export function signJwt(header: Readonly<Record<string, unknown>>, claims: Claims, privateKey: KeyObject): string {
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', ...header })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
