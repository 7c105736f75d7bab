import { describe, expect, it } from '@jest/globals';
import { EMPTY } from '../../../src/report/markdown.ts';
import { largestSection } from '../../../src/report/sections/largest.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('first-version');

describe('the largest files', () => {
  it('are at most ten, folded away, and may be dropped', () => {
    const largest = Array.from({ length: 12 }, (_, i) => ({ path: `file-${i}`, size: 1000 - i }));
    const { variants } = largestSection({ ...report, largest });
    expect(variants[0].source.match(/<code>file-\d+<\/code>/g)?.length).toBe(10);
    expect(variants[0].source).toMatch(/^<details>/);
    expect(variants.at(-1)).toBe(EMPTY);
  });

  it('are not mentioned without files', () => {
    expect(largestSection({ ...report, largest: [] }).variants[0]).toBe(EMPTY);
  });
});
