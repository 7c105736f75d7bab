import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logSafe, shorten, visible, visibleName } from '../../src/report/visible.ts';

const anyText = fc.string({ unit: 'binary' });

describe('visible', () => {
  it.each([
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u0001\u007f\u009b', '\\u0001\\u007f\\u009b'],
    ['\u202egpj.exe', '\\u202egpj.exe'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['line\u2028paragraph\u2029', 'line\\u2028paragraph\\u2029'],
    ['no\u00a0break', 'no\\u00a0break'],
    ['lone \ud800', 'lone \\ud800'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['naïve 日本語 👩‍👩‍👧 ❤️', 'naïve 日本語 👩‍👩‍👧 ❤️'],
    ['C:\\temp  x', 'C:\\temp  x'],
  ])('%j → %j', (text, expected) => expect(visible(text)).toBe(expected));

  it('leaves one line of well-formed text, and leaves that as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});

describe('visibleName', () => {
  it.each([
    ['a\\nb', 'a\\\\nb'],
    [' a', '\\u0020a'],
    ['a ', 'a\\u0020'],
    ['a  b', 'a \\u0020b'],
    [' ', '\\u0020'],
    ['a b', 'a b'],
  ])('%j → %j', (name, expected) => expect(visibleName(name)).toBe(expected));

  it('shows different names differently', () => {
    fc.assert(fc.property(anyText, anyText, (a, b) => a === b || visibleName(a) !== visibleName(b)));
    expect(visibleName('a\nb')).not.toBe(visibleName('a\\nb'));
  });
});

describe('shorten', () => {
  it('keeps both ends', () => expect(shorten('abcdefghijklmnop', 11)).toBe('abcdef…mnop'));

  it('counts characters, not UTF-16 units', () => expect(shorten('🙂🙂🙂', 3)).toBe('🙂🙂🙂'));

  it('never cuts a character in two and never exceeds the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (text, limit) => {
        const short = shorten(text, limit);
        expect([...short].length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
        expect(short === text).toBe([...text].length <= limit);
      }),
    );
  });
});

describe('logSafe', () => {
  it.each([
    ['::warning::hello', '\\u003a:warning\\u003a:hello'],
    ['x\n::set-output name=a::b', 'x\\n\\u003a:set-output name=a\\u003a:b'],
    ['x ##[error]y', 'x \\u0023#[error]y'],
    ['###[group]', '#\\u0023#[group]'],
    ['s3://bucket/a:b #1', 's3://bucket/a:b #1'],
    ['\u001b[31mred', '\\u001b[31mred'],
  ])('%j → %j', (text, expected) => expect(logSafe(text)).toBe(expected));

  it('leaves nothing that the runner takes for a command', () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(':', '#', '[', '\n', ' ', '::', '##['), anyText));
    fc.assert(fc.property(pieces, (parts) => !/::|##\[|[\r\n]/.test(logSafe(parts.join('')))));
  });
});
