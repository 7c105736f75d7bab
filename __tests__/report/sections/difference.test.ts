import { describe, expect, it } from '@jest/globals';
import { differenceSection } from '../../../src/report/sections/difference.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('daily-with-prune');
const { difference: _, ...without } = report;

describe('the difference', () => {
  it('has counts that stay and examples that can be dropped', () => {
    const { variants } = differenceSection(report);
    expect(variants.map(({ source }) => source.includes('| Removed | 30 | 1.0 MiB |'))).toEqual([true, true]);
    expect(variants.map(({ source }) => source.includes('<summary>30 entries removed</summary>'))).toEqual([
      true,
      false,
    ]);
    expect(variants[0].source).toContain('- … and 10 more');
  });

  it('has no list of nothing', () => {
    const nothing = { count: 0, bytes: 0, examples: [] };
    const against = { againstNumber: 41, againstId: 'dist_full_20261121T031500Z_000041' };
    const same = { ...against, added: nothing, changed: nothing, removed: nothing, unchanged: { count: 5, bytes: 9 } };
    const [full] = differenceSection({ ...report, difference: same }).variants;
    expect(full.source).toContain('| Unchanged | 5 | 9 B |');
    expect(full.source).not.toContain('<details>');
  });

  it('says why there is none', () => {
    const [first] = differenceSection({ ...without, version: { ...report.version, number: 1 } }).variants;
    expect(first.source).toMatch(/This is the first version\.$/);
    const [later] = differenceSection(without).variants;
    expect(later.source).toMatch(/not there or could not be read\.$/);
    const [dry] = differenceSection({ ...without, dryRun: true }).variants;
    expect(dry.source).toMatch(/A dry run does not compare with the version before\.$/);
  });
});
