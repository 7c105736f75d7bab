import { assumeRoleAdvice, webIdentityAdvice } from './assume-advice.ts';
import type { AssumeAttempt } from './assume-error.ts';
import type { ErrorFacts } from './error-facts.ts';
import type { Explanation } from './explanations.ts';
import { quote } from './store-request.ts';

/** A refusal of STS that has a remedy of its own. `said` is what STS said, without a full stop. */
interface Case {
  readonly applies: (facts: ErrorFacts) => boolean;
  readonly explain: (attempt: AssumeAttempt, said: string) => Explanation;
}

/** The first that applies counts; what none fits is a matter of the trust policy. */
const CASES: readonly Case[] = [
  {
    applies: ({ message }) => /DurationSeconds/i.test(message),
    explain: ({ role, durationSeconds }, said) => ({
      input: 'role-duration-seconds',
      message:
        `role-duration-seconds is ${durationSeconds}, which the role ${quote(role.arn)} does not allow (${said}): ` +
        "lower it, or raise the role's maximum session duration.",
    }),
  },
  {
    applies: ({ code }) => code === 'PackedPolicyTooLarge' || code === 'MalformedPolicyDocument',
    explain: (_attempt, said) => ({
      input: 'session-policy',
      message:
        `session-policy is auto, and AWS STS does not take the policy made for this bucket and prefix (${said}): ` +
        'use a shorter prefix, or set session-policy: none.',
    }),
  },
  {
    applies: ({ code }) => code === 'RegionDisabled',
    explain: ({ role, stsHost }) => ({
      input: 'sts-endpoint',
      message:
        `AWS STS is not activated at ${stsHost} for the account of ${quote(role.arn)}: ` +
        'activate it there, or set sts-endpoint: https://sts.amazonaws.com.',
    }),
  },
  {
    // Stores other than AWS give no code; there a 400 is about the request and not about who asks.
    applies: ({ code, httpStatus }) => code === undefined && httpStatus === 400,
    explain: ({ input, role, durationSeconds, stsHost }) => ({
      input,
      message:
        `${input} is ${quote(role.arn)}, and the STS at ${stsHost} refused the request without saying why (HTTP 400): ` +
        `check that the role allows sessions of role-duration-seconds (${durationSeconds}), or set session-policy: none.`,
    }),
  },
  {
    applies: ({ message }) => /incorrect token audience/i.test(message),
    explain: (attempt) => ({
      input: 'audience',
      message:
        `audience is ${quote(attempt.token?.audience ?? '')}, which the OpenID Connect provider in AWS does not list: ` +
        'add it there, or set audience to one it lists.',
      hint: adviceFor(attempt),
    }),
  },
  {
    applies: ({ message }) => /no openidconnect provider/i.test(message),
    explain: (attempt) => ({
      input: attempt.input,
      message:
        `${attempt.input} is ${quote(attempt.role.arn)}, but its account has no OpenID Connect provider for the ` +
        "issuer of the job's ID token: create one.",
      hint: adviceFor(attempt),
    }),
  },
];

/**
 * @param transient trouble of STS, the issuer or the network: nothing is wrong with the inputs
 */
export function explainAssume(facts: ErrorFacts, attempt: AssumeAttempt, transient: boolean): Explanation {
  const said = wordsOf(facts);
  if (transient) {
    return {
      message: `AWS STS at ${attempt.stsHost} could not be used to assume ${quote(attempt.role.arn)}: ${said}.`,
    };
  }
  const special = CASES.find(({ applies }) => applies(facts));
  return special === undefined ? explainRefusal(attempt, said) : special.explain(attempt, said);
}

function explainRefusal(attempt: AssumeAttempt, said: string): Explanation {
  const why =
    attempt.token === undefined
      ? 'AWS STS does not let the first role or user assume it: allow sts:AssumeRole there, and trust it in the role'
      : "AWS STS does not let this job assume it: correct the role's trust policy, or the ARN if there is no such role";
  return {
    input: attempt.input,
    message: `${attempt.input} is ${quote(attempt.role.arn)}, and ${why} (${said}).`,
    hint: adviceFor(attempt),
  };
}

function adviceFor({ role, token, chain }: AssumeAttempt): string {
  if (token !== undefined) {
    return webIdentityAdvice({ role, audience: token.audience, ...(token.claims && { claims: token.claims }) });
  }
  return assumeRoleAdvice({
    role,
    externalId: chain?.externalId ?? false,
    ...(chain?.from !== undefined && { from: chain.from }),
  });
}

function wordsOf({ code, message, httpStatus }: ErrorFacts): string {
  const words = message.replace(/[.\s]+$/, '');
  if (words === '') return code ?? (httpStatus === undefined ? 'no reason was given' : `HTTP ${httpStatus}`);
  return code === undefined ? words : `${code}: ${words}`;
}
