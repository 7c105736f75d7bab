import { type ConditionContext, conditionHolds } from './conditions.ts';
import type { PatternList, PolicyDocument, PrincipalPattern, Statement } from './document.ts';
import { wildcardMatch } from './wildcard.ts';

/** Who asks, as the principals of a resource's policy name it. */
export interface Subject {
  readonly type: 'AWS' | 'Federated';
  /** Every name that means this one: a session's ARN, its role's, its account's. */
  readonly names: readonly string[];
}

export interface AccessQuery {
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: ConditionContext;
  /** Given when the policies belong to a resource and name principals. */
  readonly subject?: Subject;
}

export type Verdict = 'allow' | 'deny' | 'none';

function listed({ patterns, negated }: PatternList, text: string, ignoreCase: boolean): boolean {
  return patterns.some((pattern) => wildcardMatch(pattern, text, ignoreCase)) !== negated;
}

function namesSubject(principals: readonly PrincipalPattern[] | undefined, subject: Subject): boolean {
  return (principals ?? []).some(
    ({ type, names }) =>
      type === '*' || (type === subject.type && names.some((name) => name === '*' || subject.names.includes(name))),
  );
}

function applies(statement: Statement, query: AccessQuery): boolean {
  return (
    listed(statement.actions, query.action, true) &&
    (statement.resources === undefined || listed(statement.resources, query.resource, false)) &&
    (query.subject === undefined || namesSubject(statement.principals, query.subject)) &&
    statement.conditions.every((condition) => conditionHolds(condition, query.context))
  );
}

/** What policies say together: one Deny wins, otherwise one Allow; `none` is IAM's implicit deny. */
export function evaluatePolicies(policies: readonly PolicyDocument[], query: AccessQuery): Verdict {
  const statements = policies.flatMap((policy) => policy.statements).filter((statement) => applies(statement, query));
  if (statements.some(({ effect }) => effect === 'Deny')) return 'deny';
  return statements.length > 0 ? 'allow' : 'none';
}
