import { describe, expect, it } from '@jest/globals';
import { conditionHolds } from '../../../../dev/s3-server/policy/conditions.ts';
import type { Condition } from '../../../../dev/s3-server/policy/document.ts';

const condition = (operator: string, values: readonly string[], rest: Partial<Condition> = {}): Condition => ({
  quantifier: undefined,
  operator,
  ifExists: false,
  key: 'k',
  values,
  ...rest,
});
const context = (...values: readonly string[]) => new Map([['k', values]]);
const EMPTY = new Map<string, string[]>();

describe('conditionHolds', () => {
  it.each([
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', ['A'], 'a', false],
    ['StringEqualsIgnoreCase', ['A'], 'a', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringLike', ['repo:octo/*'], 'repo:octo/demo:x', true],
    ['StringNotLike', ['repo:octo/*'], 'repo:octo/demo:x', false],
    ['ArnLike', ['arn:aws:iam::*:role/r'], 'arn:aws:iam::1:role/r', true],
    ['Bool', ['true'], 'TRUE', true],
    ['Bool', ['false'], 'true', false],
    ['NumericLessThanEquals', ['100'], '100', true],
    ['NumericGreaterThan', ['100'], '99', false],
    ['NumericNotEquals', ['1'], '2', true],
    ['DateLessThan', ['2026-01-01T00:00:00Z'], '2025-12-31T23:59:59Z', true],
    ['DateGreaterThan', ['1767225600'], '2025-12-31T23:59:59Z', false],
    ['Null', ['true'], 'x', false],
    ['Null', ['false'], 'x', true],
  ])('%s %j with %s: %s', (operator, values, found, expected) => {
    expect(conditionHolds(condition(operator, values), context(found))).toBe(expected);
  });

  it.each([
    ['StringEquals', {}, false],
    ['StringEquals', { ifExists: true }, true],
    ['StringNotEquals', {}, true],
    ['StringEquals', { quantifier: 'ForAllValues' }, true],
    ['StringEquals', { quantifier: 'ForAnyValue' }, false],
    ['StringNotEquals', { quantifier: 'ForAnyValue' }, false],
    ['Bool', {}, false],
  ] as const)('%s %j without the key: %s', (operator, rest, expected) => {
    expect(conditionHolds(condition(operator, ['a'], rest), EMPTY)).toBe(expected);
  });

  it('Null asks whether the key is there', () => {
    expect(conditionHolds(condition('Null', ['true']), EMPTY)).toBe(true);
    expect(conditionHolds(condition('Null', ['false']), EMPTY)).toBe(false);
  });

  it('tells any value of a set from all of them', () => {
    const any = condition('StringEquals', ['a', 'b'], { quantifier: 'ForAnyValue' });
    const all = condition('StringEquals', ['a', 'b'], { quantifier: 'ForAllValues' });
    expect(conditionHolds(any, context('a', 'x'))).toBe(true);
    expect(conditionHolds(any, context('x'))).toBe(false);
    expect(conditionHolds(all, context('a', 'x'))).toBe(false);
    expect(conditionHolds(all, context('b', 'a'))).toBe(true);
  });
});
