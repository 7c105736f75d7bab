import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shellQuote } from '../../src/report/shell.ts';

describe('shellQuote', () => {
  it.each([
    ['s3://bucket/a-b_c/d.json', 's3://bucket/a-b_c/d.json'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$(rm -rf ~)`x`"!"', '\'$(rm -rf ~)`x`"!"\''],
    ['~/x', "'~/x'"],
    ['a\nb', "$'a\\012b'"],
    ["a\n'\\1", "$'a\\012\\'\\\\1'"],
    ['\u202ex', "$'\\342\\200\\256x'"],
  ])('%j → %s', (word, expected) => expect(shellQuote(word)).toBe(expected));

  it('never spreads over lines or hides characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (word) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(shellQuote(word))),
    );
  });
});

// The shell itself is the judge. Windows has none that takes arguments untouched.
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('bash', () => {
  it('reads back every word as it was', () => {
    const character = fc.oneof(
      fc.constantFrom("'", '\\', '\n', '\t', '$', '`', '"', '!', '7', 'é', '\u202e', '\u0001'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    const word = fc.array(character).map((characters) => characters.join('').replaceAll('\0', ''));
    const words = fc.sample(word, 500);
    const script = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`;
    const echoed = execFileSync('bash', ['-c', script]).toString('utf8').split('\0').slice(0, -1);
    expect(echoed).toEqual(words);
  });
});
