import { describe, expect, it } from '@jest/globals';
import { form, parsed, present, text, wholeNumber } from '../../src/inputs/fields.ts';

function problemsOf(result: { success: boolean; error?: { issues: readonly { message: string }[] } | undefined }) {
  return result.error?.issues.map(({ message }) => message) ?? [];
}

it('present leaves out what is undefined, and nothing else', () => {
  const fields = present({ a: 1, b: undefined, c: '', d: false, e: null });
  expect(Object.keys(fields)).toEqual(['a', 'c', 'd', 'e']);
});

describe('schemas of texts', () => {
  it('text gives the problem that was found', () => {
    const schema = text((value) => (value === 'a' ? undefined : 'it must be a'));
    expect(schema.parse('a')).toBe('a');
    expect(problemsOf(schema.safeParse('b'))).toEqual(['it must be a']);
  });

  it('parsed gives the value, or the rule', () => {
    const schema = parsed((value) => (value === '' ? undefined : value.length), 'it must not be empty');
    expect(schema.parse('abc')).toBe(3);
    expect(problemsOf(schema.safeParse(''))).toEqual(['it must not be empty']);
  });

  it('form gives the rule', () => {
    expect(problemsOf(form(/^a$/, 'it must be a').safeParse('b'))).toEqual(['it must be a']);
  });
});

describe('wholeNumber', () => {
  const schema = wholeNumber(1, 300, 'correct it');

  it.each([
    ['1', 1],
    ['300', 300],
    ['007', 7],
  ])('reads %s', (value, expected) => expect(schema.parse(value)).toBe(expected));

  it.each(['', '0', '301', '-1', '+1', '1.0', '1e2', '0x10', ' 1', '١'])('refuses %j', (value) => {
    expect(problemsOf(schema.safeParse(value))).toEqual(['it must be a whole number from 1 to 300: correct it']);
  });
});
