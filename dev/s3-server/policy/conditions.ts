import type { Condition } from './document.ts';
import { wildcardMatch } from './wildcard.ts';

/** What is known about a request, by lower-case condition key. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Comparison = (expected: string, found: string) => boolean;

const numeric =
  (compare: (expected: number, found: number) => boolean): Comparison =>
  (expected, found) =>
    compare(Number(expected), Number(found));

const toTime = (text: string): number => (/^\d+$/u.test(text) ? Number(text) * 1000 : Date.parse(text));

const dated =
  (compare: (expected: number, found: number) => boolean): Comparison =>
  (expected, found) =>
    compare(toTime(expected), toTime(found));

const like: Comparison = (expected, found) => wildcardMatch(expected, found);
const sameIgnoringCase: Comparison = (expected, found) => expected.toLowerCase() === found.toLowerCase();

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (expected, found) => expected === found,
  StringEqualsIgnoreCase: sameIgnoringCase,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: sameIgnoringCase,
  NumericEquals: numeric((expected, found) => found === expected),
  NumericLessThan: numeric((expected, found) => found < expected),
  NumericLessThanEquals: numeric((expected, found) => found <= expected),
  NumericGreaterThan: numeric((expected, found) => found > expected),
  NumericGreaterThanEquals: numeric((expected, found) => found >= expected),
  DateEquals: dated((expected, found) => found === expected),
  DateLessThan: dated((expected, found) => found < expected),
  DateLessThanEquals: dated((expected, found) => found <= expected),
  DateGreaterThan: dated((expected, found) => found > expected),
  DateGreaterThanEquals: dated((expected, found) => found >= expected),
};

/** Operators that hold when the named one does not. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

export const isConditionOperator = (name: string): boolean =>
  name === 'Null' || Object.hasOwn(COMPARISONS, name) || Object.hasOwn(NEGATIONS, name);

/** Whether one value of the request passes: it fits one of the policy's values, or with a negated operator none. */
function valuePasses({ operator, values }: Condition, found: string): boolean {
  const negates = NEGATIONS[operator];
  const comparison = COMPARISONS[negates ?? operator];
  const fits = values.some((expected) => comparison?.(expected, found) ?? false);
  return negates === undefined ? fits : !fits;
}

/**
 * Whether a condition holds. A missing key fails it, unless the operator is negated, ends in IfExists or asks for all
 * values of a set.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  const found = context.get(condition.key);
  if (condition.operator === 'Null') return condition.values.includes(String(found === undefined));
  if (found === undefined) {
    if (condition.ifExists || condition.quantifier === 'ForAllValues') return true;
    return condition.quantifier === undefined && condition.operator in NEGATIONS;
  }
  if (condition.quantifier === 'ForAnyValue') return found.some((value) => valuePasses(condition, value));
  return found.every((value) => valuePasses(condition, value));
}
