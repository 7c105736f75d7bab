import { describe, expect, it } from '@jest/globals';
import { SecretMasker } from '../../../dev/runner/masks.ts';

function maskerOf(...secrets: string[]): SecretMasker {
  const masker = new SecretMasker();
  for (const secret of secrets) {
    masker.add(secret);
  }
  return masker;
}

describe('SecretMasker', () => {
  it('hides every occurrence', () => {
    expect(maskerOf('hunter2').mask('hunter2, not hunter3, hunter2')).toBe('***, not hunter3, ***');
  });

  it('leaves text alone that holds no secret', () => {
    expect(maskerOf('hunter2').mask('nothing here')).toBe('nothing here');
    expect(new SecretMasker().mask('nothing here')).toBe('nothing here');
  });

  it('hides overlapping and touching secrets under one mask', () => {
    expect(maskerOf('abcd', 'cdef', 'ghi').mask('-abcdefghi-')).toBe('-***-');
    expect(maskerOf('aXa').mask('-aXaXa-')).toBe('-***-');
  });

  it('hides each line of a secret of several lines', () => {
    expect(maskerOf('first line\r\nsecond line\n').mask('a second line')).toBe('a ***');
  });

  it('does not mask everything upon an empty secret', () => {
    expect(maskerOf('', '\n').mask('text')).toBe('text');
  });

  const secret = `p"a'ss<w>&ord/+(1)`;
  it.each([
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64, one byte in', Buffer.from(secret).subarray(1).toString('base64')],
    ['base64, two bytes in', Buffer.from(secret).subarray(2).toString('base64')],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['a URI', 'p%22a%27ss%3Cw%3E%26ord%2F%2B%281%29'],
    ['XML', 'p&quot;a&apos;ss&lt;w&gt;&amp;ord/+(1)'],
    ['an expression', `p"a''ss<w>&ord/+(1)`],
  ])('hides a secret in %s', (_form, encoded) => {
    expect(maskerOf(secret).mask(`<${encoded}>`)).toBe('<***>');
  });

  it('hides what is inside the quotes of a quoted secret', () => {
    expect(maskerOf('"long secret"').mask('a long secret')).toBe('a ***');
    expect(maskerOf('"short"').mask('a short one')).toBe('a short one');
  });
});
