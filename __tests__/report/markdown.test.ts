import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, fileName, join, link, MAX_NAME_CHARACTERS, type Markdown, md, text } from '../../src/report/markdown.ts';

/** Any text, with what Markdown, HTML and GitHub give a meaning to far more often than by chance. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('|', '\\', '`', '```', '<b>', '</code>', '</td>', '&lt;', '@octocat', '#1', '*', '_', '~~', '\n'),
      fc.constantFrom('[x](y)', '![x](y)', 'https://x.example', 'www.x.example', '<!--', '-->', '\r', '\u2028', ' '),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

const OWN_MARKUP = /<\/?code>|<!-- -->/g;

function expectOneHarmlessCell({ source }: Markdown): void {
  const cell = source.replace(OWN_MARKUP, '');
  expect(cell).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(cell).not.toMatch(/[<>|`*[\]\\~@$]/);
  expect(cell).not.toMatch(/&(?!#\d+;)/);
  expect(cell).not.toMatch(/:\/\/|www\./i);
}

describe('any text from elsewhere', () => {
  it('stays one cell on one line without a tag, a mention, a link or a backtick as prose', () => {
    fc.assert(fc.property(hostile, (value) => expectOneHarmlessCell(text(value))));
  });

  it('does as code', () => {
    fc.assert(fc.property(hostile, (value) => expectOneHarmlessCell(code(value))));
  });

  it('does as a file name', () => {
    fc.assert(fc.property(hostile, (value) => expectOneHarmlessCell(fileName(value))));
  });

  it('does as a part of a literal', () => {
    fc.assert(fc.property(hostile, (value) => expectOneHarmlessCell(md`before ${value} after`)));
  });
});

describe('text', () => {
  it.each([
    ['a_b, c-d: 03:15 (x)', 'a_b, c-d: 03:15 (x)'],
    ['_a_', '&#95;a&#95;'],
    ['<b> & |', '&#60;b&#62; &#38; &#124;'],
    ['@octocat #1', '&#64;&#8203;octocat &#35;&#8203;1'],
    ['&#64;', '&#38;&#35;&#8203;64;'],
    ['a\nb', 'a&#92;nb'],
  ])('%j → %j', (hostileText, expected) => expect(text(hostileText).source).toBe(expected));

  it('cuts a very long one', () => expect(text('x'.repeat(100_000)).source.length).toBe(1000));
});

describe('code and file names', () => {
  it('escape within code type', () => {
    expect(code('a|b@c').source).toBe('<code>a&#124;b&#64;<!-- -->c</code>');
    expect(code('a_b/_c ').source).toBe('<code>a_b/&#95;c&#92;u0020</code>');
  });

  it('shorten names in the middle, but not keys', () => {
    const long = `${'a'.repeat(200)}.txt`;
    expect(fileName(long).source).toMatch(/^<code>a+…a+\.txt<\/code>$/);
    expect(fileName(long).source.length).toBe('<code></code>'.length + MAX_NAME_CHARACTERS);
    expect(code(long).source).toBe(`<code>${long}</code>`);
  });
});

describe('md', () => {
  it('keeps Markdown and escapes the rest', () => {
    expect(md`**${'*'}** ${code('x')} \`y\``.source).toBe('**&#42;** <code>x</code> `y`');
  });

  it('joins', () => expect(join([md`a`, md`*b*`], ', ').source).toBe('a, *b*'));
});

describe('link', () => {
  it.each([
    ['https://github.com/a/b/actions/runs/1', '[x](https://github.com/a/b/actions/runs/1)'],
    ['http://ghe.example/a?b=c&copy=d#e', '[x](http://ghe.example/a?b=c&amp;copy=d#e)'],
    ['https://x.example/a)](b|`*<c>', '[x](https://x.example/a%29%5D%28b%7C%60%2A%3Cc%3E)'],
    ['javascript:alert(1)', 'x'],
    ['https://user:secret@x.example/', 'x'],
    ['https://', 'x'],
    ['/a/b', 'x'],
    ['', 'x'],
  ])('to %j → %s', (url, expected) => expect(link(md`x`, url).source).toBe(expected));

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(hostile, (rest) => {
        expect(link(md`x`, `https://x.example/${rest}`).source).toMatch(/^\[x\]\([^\s()<>|`*[\]\\]+\)$/);
      }),
    );
  });
});
