import { describe, expect, it } from '@jest/globals';
import { totalsSection } from '../../../src/report/sections/totals.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

describe('the totals', () => {
  it('name what was left out, in a part that can be dropped', () => {
    const { variants } = totalsSection(loadReport('daily-with-prune'));
    expect(variants.map(({ source }) => source.includes('<code>.env</code>'))).toEqual([true, false]);
    expect(
      variants.map(({ source }) => source.includes('| Left out | 12 hidden, 1 with credentials, 1 special |')),
    ).toEqual([true, true]);
  });

  it('have no such part where nothing was', () => {
    const [full] = totalsSection(loadReport('dry-run')).variants;
    expect(full.source).not.toContain('<details>');
  });

  it('add up the requests', () => {
    const [full] = totalsSection(loadReport('first-version')).variants;
    expect(full.source).toContain('| Requests | 1,334 (1,330 writes, 4 reads, 0 free of charge) |');
  });
});
