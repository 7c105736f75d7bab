import { BackupError, InputError } from '../errors.ts';
import type { RoleArn } from './arn.ts';
import { explainAssume } from './assume-explanations.ts';
import { classOf } from './error-class.ts';
import { type ErrorFacts, factsOf, slimCause } from './error-facts.ts';
import type { IdTokenClaims } from './oidc.ts';

/** What was asked of STS when it refused. Holds no token and no key. */
export interface AssumeAttempt {
  readonly role: RoleArn;
  /** The input that names the role. */
  readonly input: 'role-to-assume' | 'role-chain';
  readonly durationSeconds: number;
  /** Where STS was asked; for messages. */
  readonly stsHost: string;
  /** For a role assumed with an ID token. */
  readonly token?: { readonly audience: string; readonly claims?: IdTokenClaims };
  /** For a role assumed by another one. */
  readonly chain?: { readonly from?: string; readonly externalId: boolean };
}

/** What is worth another try, and how often: see `assume-role.ts`. */
export type AssumeFailureKind = 'transient' | 'denied' | 'permanent';

/** STS says `InvalidIdentityToken` both to a token it will never take and while it cannot reach the issuer. */
const HOPELESS_TOKEN = /no openidconnect provider|incorrect token audience|missing a required claim/i;

/**
 * `denied` is nearly always the trust policy, but IAM is eventually consistent and has been seen to deny now and then;
 * `transient` is trouble of STS, the issuer or the network, which a fresh token may get past.
 */
export function assumeFailureKind(error: unknown): AssumeFailureKind {
  if (error instanceof BackupError) return error.class === 'transient' ? 'transient' : 'permanent';
  return kindOf(factsOf(error));
}

function kindOf(facts: ErrorFacts): AssumeFailureKind {
  if (facts.code === 'InvalidIdentityToken') return HOPELESS_TOKEN.test(facts.message) ? 'permanent' : 'transient';
  const errorClass = classOf(facts);
  if (errorClass === 'transient' || errorClass === 'throttled' || errorClass === 'expired') return 'transient';
  return facts.httpStatus === 403 ? 'denied' : 'permanent';
}

/** Makes STS's refusal a sentence with the remedy, and for a refused token shows what AWS saw in it. */
export function assumeError(error: unknown, attempt: AssumeAttempt): BackupError {
  if (error instanceof BackupError) return error;
  const facts = factsOf(error);
  const transient = kindOf(facts) === 'transient';
  const { input, message, hint } = explainAssume(facts, attempt, transient);
  const { message: _words, bucketRegion: _region, ...fields } = facts;
  const details = {
    ...fields,
    operation: attempt.token === undefined ? 'AssumeRole' : 'AssumeRoleWithWebIdentity',
    ...(hint !== undefined && { hint }),
    cause: slimCause(error),
  };
  if (input !== undefined) return new InputError(input, message, details);
  return new BackupError(message, { ...details, class: transient ? 'transient' : 'permanent' });
}
