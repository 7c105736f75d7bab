import type { ConditionContext } from './conditions.ts';
import type { PolicyDocument } from './document.ts';
import { evaluatePolicies, type Subject, type Verdict } from './evaluate.ts';
import type { Principal } from './principal.ts';

/** One question to the policies: may this principal do this to that? */
export interface Decision {
  readonly principal: Principal;
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: ConditionContext;
  readonly resourcePolicy: PolicyDocument | undefined;
  /** Account id of the resource's owner. */
  readonly resourceOwner: string;
}

interface Verdicts {
  readonly identity: Verdict;
  readonly session: Verdict;
  readonly resource: Verdict;
}

/** The names under which a resource's policy may mean a principal. */
export function subjectOf(principal: Principal): Subject {
  const account = [principal.account, `arn:aws:iam::${principal.account}:root`];
  const own = principal.kind === 'session' ? [principal.arn, principal.roleArn] : [principal.arn];
  return { type: 'AWS', names: [...own, ...account] };
}

function verdictsOn({ principal, resourcePolicy, action, resource, context }: Decision): Verdicts {
  const session = principal.kind === 'session' ? principal : undefined;
  const query = { action, resource, context };
  const evaluate = (policies: readonly PolicyDocument[] | undefined): Verdict =>
    policies === undefined ? 'allow' : evaluatePolicies(policies, query);
  return {
    identity: evaluate(session?.rolePolicies),
    session: evaluate(session?.sessionPolicy && [session.sessionPolicy]),
    resource:
      resourcePolicy === undefined
        ? 'none'
        : evaluatePolicies([resourcePolicy], { ...query, subject: subjectOf(principal) }),
  };
}

function explicitDeny({ identity, session, resource }: Verdicts): string | undefined {
  if (identity === 'deny') return 'an identity-based policy';
  if (session === 'deny') return 'a session policy';
  return resource === 'deny' ? 'a resource-based policy' : undefined;
}

/** The kind of policy that would have to allow it and does not. */
function missingAllow({ identity, session, resource }: Verdicts, crossAccount: boolean): string | undefined {
  if (crossAccount && resource !== 'allow') return 'no resource-based policy';
  if (identity !== 'allow' && (crossAccount || resource !== 'allow')) return 'no identity-based policy';
  return session === 'allow' ? undefined : 'no session policy';
}

/**
 * Undefined when the principal may; otherwise why not, in AWS's words. Within one account either the resource's policy
 * or the identity's own is enough, across accounts it takes both, and a session's policy narrows them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function refusalOf(decision: Decision): string | undefined {
  const { principal, action, resource, resourceOwner } = decision;
  const verdicts = verdictsOn(decision);
  const refusal = `User: ${principal.arn} is not authorized to perform: ${action} on resource: "${resource}"`;
  const denying = explicitDeny(verdicts);
  if (denying !== undefined) return `${refusal} with an explicit deny in ${denying}`;
  const missing = missingAllow(verdicts, principal.account !== resourceOwner);
  return missing && `${refusal} because ${missing} allows the ${action} action`;
}
