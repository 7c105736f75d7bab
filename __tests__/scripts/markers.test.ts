import { describe, expect, it } from '@jest/globals';
import { replaceBetween } from '../../scripts/markers.ts';

const TEXT = 'a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n';
const FRESH = 'a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb\n';

describe('replaceBetween', () => {
  it('replaces what stands between the markers, and nothing else', () =>
    expect(replaceBetween(TEXT, 'x', 'new')).toBe(FRESH));

  it('changes nothing the second time', () => expect(replaceBetween(FRESH, 'x', 'new')).toBe(FRESH));

  it.each([
    ['another name', 'y', TEXT],
    ['no end', 'x', '<!-- x:begin -->'],
    ['the end first', 'x', '<!-- x:end --><!-- x:begin -->'],
  ])('refuses a text with %s', (_what, name, text) => {
    expect(() => replaceBetween(text, name, 'new')).toThrow(`<!-- ${name}:begin -->`);
  });
});
