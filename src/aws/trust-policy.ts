import type { RoleArn } from './arn.ts';
import { acceptedSubjects, type IdTokenClaims } from './oidc.ts';

/** Who may assume a role, as the field "Trust policy" of the IAM console and `update-assume-role-policy` take it. */
export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Principal: Readonly<Record<string, string>>;
    readonly Action: string;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

/** Placeholder for what only the owner of the account knows; visibly not a value. */
const YOUR_ACCOUNT = 'YOUR_ACCOUNT_ID';

/**
 * The trust policy that lets exactly this job in: its audience, and its subject in both forms.
 */
export function trustPolicyAdvice(advice: {
  readonly claims: IdTokenClaims;
  readonly role: RoleArn;
  readonly audience: string;
}): TrustPolicy {
  const issuer = advice.claims.iss.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${advice.role.partition}:iam::${advice.role.account}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer}:aud`]: advice.audience, [`${issuer}:sub`]: acceptedSubjects(advice.claims) },
        },
      },
    ],
  };
}

/**
 * The trust policy of a second role that a first one assumes.
 * @param from ARN of the first role, if it is known
 */
export function chainTrustPolicyAdvice(advice: { readonly from?: string; readonly externalId: boolean }): TrustPolicy {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: advice.from ?? `arn:aws:iam::${YOUR_ACCOUNT}:role/FIRST_ROLE` },
        Action: 'sts:AssumeRole',
        // The value stays unsaid: many keep it among their secrets.
        ...(advice.externalId && { Condition: { StringEquals: { 'sts:ExternalId': 'THE_VALUE_OF_external-id' } } }),
      },
    ],
  };
}
