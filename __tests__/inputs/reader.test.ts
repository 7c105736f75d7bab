import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { listed, refused, shown } from '../../src/inputs/reader.ts';
import { readerOf } from '../github/support.ts';

describe('refused', () => {
  it('names input, value, rule and remedy in one sentence', () => {
    const error = refused('color', 'pink', 'it must be red: write `red`');
    expect(error).toMatchObject({
      input: 'color',
      class: 'input',
      message: 'The input `color` is "pink", but it must be red: write `red`.',
      details: { found: '"pink"' },
    });
  });

  it('does not show what is mostly a secret', () => {
    expect(JSON.stringify(refused('external-id', 'opensesame', 'it is wrong'))).not.toContain('opensesame');
  });
});

describe('shown', () => {
  it.each([
    ['plain', '"plain"'],
    ['a "quote"', '"a \\"quote\\""'],
    ['two\nlines', '"two\\nlines"'],
    ['https://user:pa/ss@example.com/x', '"https://***@example.com/x"'],
    ['https://example.com/?X-Amz-Signature=abc', '"https://example.com/?***"'],
  ])('writes %j as %s', (value, expected) => expect(shown(value)).toBe(expected));

  it('writes out what would change how the line looks', () => {
    expect(shown('a\u202eb\u001b[31m')).toMatch(/^[ -~]+$/);
  });

  it('shortens', () => expect(shown('x'.repeat(5000)).length).toBeLessThan(250));
});

describe('InputReader', () => {
  const reader = readerOf({ color: 'red', empty: '', yes: 'True', no: 'FALSE', lines: 'a\n\nb' });

  it('reads by a schema', () => expect(reader.read('color', z.string().length(3))).toBe('red'));

  it('reads an empty value as none where it may be absent', () => {
    expect(reader.optional('empty', z.string().length(3))).toBeUndefined();
    expect(reader.optionalChoice('absent', ['red'])).toBeUndefined();
    expect(reader.optionalChoice('color', ['red'])).toBe('red');
  });

  it('reads words, flags and lines', () => {
    expect(reader.choice('color', ['red', 'blue'])).toBe('red');
    expect([reader.flag('yes'), reader.flag('no')]).toEqual([true, false]);
    expect(reader.lines('lines')).toEqual(['a', 'b']);
  });
});

it('lists words as a sentence does', () => {
  expect([listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '`a`',
    '`a` and `b`',
    '`a`, `b` and `c`',
  ]);
});
