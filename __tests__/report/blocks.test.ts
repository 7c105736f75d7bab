import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blocks, codeBlock, details, firstOf, list, table } from '../../src/report/blocks.ts';
import { EMPTY, md, text } from '../../src/report/markdown.ts';

describe('table', () => {
  const columns = [{ title: 'File | name' }, { title: 'Size', align: 'right' as const }];

  it('has a head, a line that aligns, and a line per row', () => {
    expect(table(columns, [[md`a`, md`1`]]).source).toBe('| File &#124; name | Size |\n| --- | --: |\n| a | 1 |');
  });

  it('is nothing without rows', () => expect(table(columns, [])).toBe(EMPTY));

  it('has one line and one cell more per cell whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
        const lines = table([{ title: 'a' }], [cells.map(text)]).source.split('\n');
        expect(lines.length).toBe(3);
        expect(lines[2]?.split('|').length).toBe(cells.length + 2);
      }),
    );
  });
});

describe('codeBlock', () => {
  it('names its language', () => expect(codeBlock('ls', 'sh').source).toBe('```sh\nls\n```'));

  it('has a fence that no line of its text can close', () => {
    const content = fc.array(fc.constantFrom('`', '``', '```', '````', '\n', ' ', 'a')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(content, (shown) => {
        const [fence = '', ...rest] = codeBlock(shown).source.split('\n');
        expect(fence).toMatch(/^`{3,}$/);
        expect(rest.findIndex((line) => line.includes(fence))).toBe(rest.length - 1);
      }),
    );
  });
});

describe('details', () => {
  it('keeps blank lines around its body, so that it is read as Markdown', () => {
    expect(details(md`more`, md`- a`).source).toBe('<details>\n<summary>more</summary>\n\n- a\n\n</details>');
  });

  it('is nothing without a body', () => expect(details(md`more`, EMPTY)).toBe(EMPTY));
});

describe('lists and blocks', () => {
  it('say how many items are left out', () => {
    expect(list(firstOf(['a', 'b', 'c'], 2, text)).source).toBe('- a\n- b\n- … and 1 more');
    expect(list(firstOf(['a'], 2, text, 1234)).source).toBe('- a\n- … and 1,233 more');
    expect(list(firstOf(['a', 'b'], 2, text)).source).toBe('- a\n- b');
  });

  it('leave out what is empty', () => expect(blocks(md`a`, EMPTY, md`b`).source).toBe('a\n\nb'));
});
