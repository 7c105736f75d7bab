import { badRequest } from '../errors.ts';
import { type DecodedJwt, hasSignatureOf, type Jwk } from '../oidc/jwt.ts';
import { invalidIdentityToken } from './errors.ts';

const FETCH_TIMEOUT_MS = 5000;

/** An issuer that roles may trust: IAM's OpenID Connect provider. */
export interface IssuerRegistration {
  /** The `iss` of its tokens. */
  readonly url: string;
  /** Where its discovery document is, when that is not below `url`; lets a test play another issuer on loopback. */
  readonly fetchFrom?: string;
  /** The `aud` values it is registered for; any when absent. */
  readonly audiences?: readonly string[];
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const isJwk = (value: unknown): value is Jwk => typeof property(value, 'kty') === 'string';

/** The keys an issuer publishes, found through its discovery document. */
async function fetchKeys(base: string): Promise<Jwk[]> {
  const discovery = await fetchJson(`${base.replace(/\/$/u, '')}/.well-known/openid-configuration`);
  const keys = property(await fetchJson(String(property(discovery, 'jwks_uri'))), 'keys');
  return Array.isArray(keys) ? keys.filter(isJwk) : [];
}

/**
 * Checks a token's signature against the issuer's published keys.
 * @throws {S3Error} IDPCommunicationError when the issuer cannot be asked, InvalidIdentityToken when no key fits.
 */
export async function checkTokenSignature(token: DecodedJwt, issuer: IssuerRegistration): Promise<void> {
  let keys: Jwk[];
  try {
    keys = await fetchKeys(issuer.fetchFrom ?? issuer.url);
  } catch {
    throw badRequest(
      'IDPCommunicationError',
      'The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached.',
    );
  }
  const candidates = keys.filter(({ kid }) => token.header.kid === undefined || kid === token.header.kid);
  if (candidates.length === 0) {
    throw invalidIdentityToken(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  if (!candidates.some((key) => hasSignatureOf(token, key))) {
    throw invalidIdentityToken('The ID Token provided is not a valid JWT. (Signature does not match)');
  }
}
