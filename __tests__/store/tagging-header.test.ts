import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { taggingHeader } from '../../src/store/tagging-header.ts';

describe('taggingHeader', () => {
  it('encodes as a URL query, with %20 for a space', () => {
    expect(taggingHeader({ 'a b': 'c+d=e/f', ü: '@:' })).toBe('a%20b=c%2Bd%3De%2Ff&%C3%BC=%40%3A');
  });

  it('is no header at all for no tags', () => {
    expect(taggingHeader({})).toBeUndefined();
  });

  it('is ASCII, and a URL query parser reads it back', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(text, text, { minKeys: 1, noNullPrototype: true }), (tags) => {
        const header = taggingHeader(tags) ?? '';
        expect(header).toMatch(/^[\x21-\x7e]+$/);
        expect(Object.fromEntries(new URLSearchParams(header))).toEqual(tags);
      }),
    );
  });
});
