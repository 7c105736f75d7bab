import { isConditionOperator } from './conditions.ts';

/** A policy as JSON text or as the object it stands for. */
export type PolicyInput = string | Readonly<Record<string, unknown>>;

/** What a policy belongs to: a role or a session, a bucket, or (trust) a role that others want to assume. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** `NotPrincipal` is left out on purpose: nobody should write it. */
const STATEMENT_FIELDS = 'Sid Effect Principal Action NotAction Resource NotResource Condition'.split(' ');

export interface Condition {
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
  /** Lower case: condition keys are case-insensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

/** `Principal: {"AWS": [...]}`, one type; `*` stands for everybody. */
export interface PrincipalPattern {
  readonly type: string;
  readonly names: readonly string[];
}

/** Actions or resources, or everything but them. */
export interface PatternList {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: PatternList;
  /** Undefined in trust policies, which are about the role they belong to. */
  readonly resources: PatternList | undefined;
  /** Undefined in identity policies. */
  readonly principals: readonly PrincipalPattern[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

/** The policy is no policy; the message says where. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function strings(value: unknown, where: string): string[] {
  return asList(value).map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'boolean' || typeof item === 'number') return String(item);
    throw new PolicyError(`${where} must be a string or a list of strings`);
  });
}

function patternList(statement: JsonObject, name: 'Action' | 'Resource'): PatternList | undefined {
  const negatedName = `Not${name}`;
  if (name in statement) return { negated: false, patterns: strings(statement[name], name) };
  if (negatedName in statement) return { negated: true, patterns: strings(statement[negatedName], negatedName) };
  return undefined;
}

function parsePrincipals(value: unknown): readonly PrincipalPattern[] | undefined {
  if (value === undefined) return undefined;
  if (value === '*') return [{ type: '*', names: ['*'] }];
  if (!isObject(value)) throw new PolicyError('Principal must be "*" or an object');
  return Object.entries(value).map(([type, names]) => ({ type, names: strings(names, `Principal ${type}`) }));
}

function parseCondition(name: string, key: string, value: unknown): Condition {
  const [, quantifier, operator = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/u.exec(name) ?? [];
  if (!isConditionOperator(operator)) throw new PolicyError(`Invalid Condition type : ${name}`);
  return {
    quantifier: quantifier === 'ForAnyValue' || quantifier === 'ForAllValues' ? quantifier : undefined,
    operator,
    ifExists: ifExists !== undefined,
    key: key.toLowerCase(),
    values: strings(value, `Condition ${name} ${key}`),
  };
}

function parseConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicyError('Condition must be an object');
  return Object.entries(value).flatMap(([name, tests]) => {
    if (!isObject(tests)) throw new PolicyError(`Condition ${name} must be an object`);
    return Object.entries(tests).map(([key, values]) => parseCondition(name, key, values));
  });
}

/** What a statement of a kind must have and must not have. */
const SHAPES: Readonly<Record<PolicyKind, { readonly resource: boolean; readonly principal: boolean }>> = {
  identity: { resource: true, principal: false },
  resource: { resource: true, principal: true },
  trust: { resource: false, principal: true },
};

function checkShape(statement: JsonObject, kind: PolicyKind): void {
  const unknown = Object.keys(statement).find((name) => !STATEMENT_FIELDS.includes(name));
  if (unknown !== undefined) throw new PolicyError(`Unknown field ${unknown}`);
  const { resource, principal } = SHAPES[kind];
  if (('Resource' in statement || 'NotResource' in statement) !== resource) {
    throw new PolicyError(resource ? 'Policy statement must contain resources.' : 'Has prohibited field Resource');
  }
  if ('Principal' in statement !== principal) {
    throw new PolicyError(
      principal ? 'Missing required field Principal' : 'Policy document should not specify a principal.',
    );
  }
}

function parseStatement(value: unknown, kind: PolicyKind): Statement {
  if (!isObject(value)) throw new PolicyError('Statement must be an object');
  checkShape(value, kind);
  const { Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError('Effect must be Allow or Deny');
  const actions = patternList(value, 'Action');
  if (actions === undefined) throw new PolicyError('Statement must contain Action or NotAction');
  return {
    effect,
    actions,
    resources: patternList(value, 'Resource'),
    principals: parsePrincipals(value.Principal),
    conditions: parseConditions(value.Condition),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('Syntax errors in policy.');
  }
}

/**
 * Parses an IAM policy document.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws {PolicyError}
 */
export function parsePolicy(input: PolicyInput, kind: PolicyKind): PolicyDocument {
  const root = typeof input === 'string' ? parseJson(input) : input;
  if (!isObject(root)) throw new PolicyError('Syntax errors in policy.');
  const version = root.Version ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError('The policy Version is invalid');
  if (root.Statement === undefined) throw new PolicyError('Missing required field Statement');
  return { statements: asList(root.Statement).map((statement) => parseStatement(statement, kind)) };
}
