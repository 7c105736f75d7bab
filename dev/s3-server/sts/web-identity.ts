import { badRequest } from '../errors.ts';
import { type Claims, type DecodedJwt, decodeJwt } from '../oidc/jwt.ts';
import type { ConditionContext } from '../policy/conditions.ts';
import { invalidIdentityToken } from './errors.ts';
import { checkTokenSignature, type IssuerRegistration } from './identity-providers.ts';

/** A token that has been verified as far as the server is set up to. */
export interface WebIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly claims: Claims;
}

const hostPath = (issuer: string): string => issuer.replace(/^https?:\/\//u, '');

function checkTimes({ claims }: DecodedJwt, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1000);
  const expires = Number(claims.exp);
  if (!(expires > seconds)) {
    throw badRequest(
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${expires}`,
    );
  }
  if (Number(claims.nbf ?? 0) > seconds) throw invalidIdentityToken('The ID Token provided is not valid yet.');
}

const audiences = ({ aud }: Claims): string[] => [aud].flat().map(String);

/**
 * Verifies a web identity token: a JWT, in time, from a registered issuer, for a registered audience, with its signature.
 * @param acceptUnknown an issuer that is not registered is taken at its word (while no role is set up).
 * @throws {S3Error} InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError.
 */
export async function verifyWebIdentity(
  text: string | undefined,
  issuers: readonly IssuerRegistration[],
  options: { readonly now: Date; readonly acceptUnknown: boolean },
): Promise<WebIdentity> {
  const token = text === undefined ? undefined : decodeJwt(text);
  if (token === undefined) {
    throw invalidIdentityToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const { claims } = token;
  for (const name of ['iss', 'sub', 'aud', 'exp']) {
    if (claims[name] === undefined) throw invalidIdentityToken(`Missing a required claim: ${name}`);
  }
  const issuer = String(claims.iss);
  const registration = issuers.find(({ url }) => url === issuer);
  if (registration === undefined && !options.acceptUnknown) {
    throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  }
  checkTimes(token, options.now);
  if (registration !== undefined) await checkRegistered(token, registration);
  return { issuer, subject: String(claims.sub), audience: audiences(claims).join(','), claims };
}

async function checkRegistered(token: DecodedJwt, registration: IssuerRegistration): Promise<void> {
  const allowed = registration.audiences;
  if (allowed !== undefined && !audiences(token.claims).some((audience) => allowed.includes(audience))) {
    throw invalidIdentityToken('Incorrect token audience');
  }
  await checkTokenSignature(token, registration);
}

/** The names by which a trust policy's `Federated` principal can mean an issuer. */
export const federatedNames = (issuer: string, account: string): string[] => [
  hostPath(issuer),
  `arn:aws:iam::${account}:oidc-provider/${hostPath(issuer)}`,
];

/** Condition keys of a trust policy: every plain claim as `<issuer's host and path>:<claim>`. */
export function claimContext({ issuer, claims }: WebIdentity, sessionName: string): ConditionContext {
  const entries = Object.entries(claims).flatMap(([name, value]): [string, string[]][] => {
    const values = [value].flat().filter((item) => ['string', 'number', 'boolean'].includes(typeof item));
    return values.length === 0 ? [] : [[`${hostPath(issuer)}:${name}`.toLowerCase(), values.map(String)]];
  });
  return new Map([...entries, ['sts:rolesessionname', [sessionName]]]);
}
