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

  it('say of a dry run what it would send at most, where that is not known', () => {
    const source = (buildsOn?: number) =>
      totalsSection({ ...loadReport('dry-run'), ...(buildsOn && { buildsOn }) }).variants[0].source;
    expect(source()).not.toMatch(/sent/i);
    expect(source(42)).toContain(
      '| To be sent | at most all of it: not compared with version 42, on which this one would build |',
    );
  });

  it.each([
    [498, '498 B (100 % of the bytes)'],
    [1, '1 B (less than 1 % of the bytes)'],
    [0, '0 B (0 % of the bytes)'],
  ])('relate what was sent, %i bytes, to all of it', (uploadedBytes, words) => {
    const report = loadReport('first-version');
    const [full] = totalsSection({ ...report, totals: { ...report.totals, bytes: 500 }, uploadedBytes }).variants;
    expect(full.source).toContain(`| Sent | ${words} |`);
  });

  it('count requests of one kind alone', () => {
    const requests = { writes: 1, reads: 1, free: 2 };
    const [full] = totalsSection({ ...loadReport('first-version'), requests }).variants;
    expect(full.source).toContain('| Requests | 4 (1 list or write, 1 read, 2 free of charge) |');
  });

  it('add up the requests', () => {
    const [full] = totalsSection(loadReport('first-version')).variants;
    expect(full.source).toContain('| Requests | 1,334 (1,330 lists and writes, 4 reads) |');
  });
});
