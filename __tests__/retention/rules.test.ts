import { describe, expect, it } from '@jest/globals';
import { hasRules, rulesOf } from '../../src/retention/rules.ts';
import type { VersionFacts } from '../../src/retention/types.ts';

const versions: VersionFacts[] = [3, 2, 1].map((number) => ({
  id: `dist_full_20260101T00000${number}Z_00000${number}`,
  number,
  type: 'full',
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, number)),
}));

describe('rulesOf', () => {
  it('makes one rule that keeps everything of an empty policy', () => {
    const rules = rulesOf({});
    expect(rules.map((rule) => rule.reasons(versions))).toEqual([Array(3).fill('no retention rule')]);
  });

  it('numbers what keep-last keeps', () => {
    const [rule] = rulesOf({ keepLast: 2 });
    expect(rule?.reasons(versions)).toEqual(['last 1 of 2', 'last 2 of 2', undefined]);
    expect(rule?.otherwise).toBe('beyond the last 2');
  });

  it('names the input, the value, the rule and the remedy of a keep-last out of range', () => {
    expect(() => rulesOf({ keepLast: 0 })).toThrow(
      'keep-last is 0, but it must be an integer of at least 1; leave it out to keep every version.',
    );
  });
});

it('hasRules tells a policy that may remove something', () => {
  expect([hasRules({}), hasRules({ keepLast: 1 })]).toEqual([false, true]);
});
