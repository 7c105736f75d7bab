import { describe, expect, it } from '@jest/globals';
import { EMPTY } from '../../../src/report/markdown.ts';
import { tagsSection } from '../../../src/report/sections/tags.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('first-version');

describe('the tags', () => {
  it('are escaped, folded away, and may be dropped', () => {
    const { variants } = tagsSection({ ...report, tags: { 'a|b': '@c' } });
    expect(variants[0].source).toContain('| <code>a&#124;b</code> | <code>&#64;<!-- -->c</code> |');
    expect(variants[0].source).toMatch(/^<details>\n<summary>1 tag on every object<\/summary>/);
    expect(variants.at(-1)).toBe(EMPTY);
  });

  it('are not mentioned where the store has none', () => {
    expect(tagsSection({ ...report, tags: {} }).variants[0]).toBe(EMPTY);
  });
});
