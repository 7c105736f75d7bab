import type { RoleArn } from './arn.ts';
import { type IdTokenClaims, subjectForms } from './oidc.ts';
import { chainTrustPolicyAdvice, trustPolicyAdvice } from './trust-policy.ts';

const INDENT = 2;

/** What AWS saw in the ID token, and a trust policy that accepts it. Several lines; no token, no secret. */
export function webIdentityAdvice(refused: {
  readonly role: RoleArn;
  readonly audience: string;
  readonly claims?: IdTokenClaims;
}): string {
  const { role, audience, claims } = refused;
  if (claims === undefined) return 'The ID token could not be read: it is not a JSON web token with iss, sub and aud.';
  const policy = trustPolicyAdvice({ claims, role, audience });
  return [
    'What AWS saw in the ID token of this job:',
    ...seenClaims(claims).map(([name, value]) => `  ${name}: ${printable(value)}`),
    '',
    `A trust policy of ${role.arn} that accepts this job, ready to paste:`,
    JSON.stringify(policy, undefined, INDENT),
    '',
    `It needs the OpenID Connect provider ${printable(claims.iss)} in ${accountName(role)}, with ${printable(audience)} among its audiences.`,
  ].join('\n');
}

function seenClaims(claims: IdTokenClaims): [string, string][] {
  const { classic, immutable } = subjectForms(claims);
  return [
    ['issuer', claims.iss],
    ['aud', claims.aud],
    ['sub', claims.sub],
    ...(classic === undefined ? [] : [['sub, classic form', classic] as [string, string]]),
    ...(immutable === undefined ? [] : [['sub, immutable form', immutable] as [string, string]]),
  ];
}

/** What the first and the second role of a chain have to allow. */
export function assumeRoleAdvice(refused: {
  readonly role: RoleArn;
  readonly from?: string;
  readonly externalId: boolean;
}): string {
  const { role, ...policy } = refused;
  return [
    `Allow sts:AssumeRole on ${role.arn} in the policy of ${refused.from ?? 'the first role or user'}.`,
    ...(refused.externalId ? ['Check that external-id is the one the second role asks for.'] : []),
    '',
    `A trust policy of ${role.arn} that accepts it, ready to paste:`,
    JSON.stringify(chainTrustPolicyAdvice(policy), undefined, INDENT),
  ].join('\n');
}

function accountName({ account }: RoleArn): string {
  return account === '' ? 'the account of the role' : `account ${account}`;
}

/** A claim may hold a branch's name: nothing in it may break out of its line. */
function printable(value: string): string {
  return value.replaceAll(/\p{C}/gu, '?');
}
