import { describe, expect, it } from '@jest/globals';
import { retentionSection } from '../../../src/report/sections/retention.ts';
import type { PruneReport } from '../../../src/report/types.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('daily-with-prune');
const sources = (changes: Partial<PruneReport> = {}) =>
  retentionSection({ ...report, prune: { ...report.prune, ...changes } }).variants.map(({ source }) => source);

describe('the retention', () => {
  it('shows the newest rows, folds the next and counts the rest', () => {
    const decisions = Array.from({ length: 600 }, () => report.prune.decisions)
      .flat()
      .slice(0, 600);
    const [full = '', folded = ''] = sources({ decisions });
    const [open = '', details = ''] = full.split('<summary>500 older versions</summary>');
    expect(open.match(/^\| \d+ \|/gm)?.length).toBe(20);
    expect(details.match(/^\| \d+ \|/gm)?.length).toBe(500);
    expect(details).toContain('80 older versions not shown.');
    expect(folded.match(/^\| \d+ \|/gm)?.length).toBe(20);
  });

  it('gets shorter from variant to variant', () => {
    const decisions = Array.from({ length: 10 }, () => report.prune.decisions).flat();
    const lengths = sources({ decisions }).map(({ length }) => length);
    expect(lengths).toEqual([...new Set(lengths)].toSorted((a, b) => b - a));
  });

  it('lists what is still there and until when', () => {
    expect(sources()[0]).toContain(
      '- <code>dist_full_20261120T031500Z_000040</code>: locked until 2026-12-20 03:15:00 UTC',
    );
  });

  it('lists the first of the uploads that were left open', () => {
    const uploads = { count: 12, examples: ['data/large'] };
    expect(sources({ uploads })[0]).toMatch(/12 uploads that were left open, ended.*data\/large.*and 11 more/s);
    const planned = sources({ uploads: { ...uploads, count: 1 }, outcome: 'planned' })[0];
    expect(planned).toContain('1 upload that was left open, would be ended');
  });

  it('warns of hidden versions only where some were hidden', () => {
    expect(sources({ onlyHidden: true })[0]).toContain(
      'what this prune removed is hidden by delete markers and still billed',
    );
    expect(sources({ onlyHidden: true, removed: [], deletedBytes: 0 })[0]).not.toContain('delete markers');
    expect(sources({ onlyHidden: false })[0]).not.toContain('delete markers');
  });

  it('says so also where no version went, but what a killed run left', () => {
    expect(sources({ onlyHidden: true, removed: [], deletedBytes: 3 * 1024 ** 3 })[0]).toContain(
      'hidden by delete markers and still billed, 3.0 GiB of it',
    );
  });

  it('gives the reason of a failure, escaped', () => {
    expect(sources({ outcome: 'failed', failure: 'No <permission>.' })[0]).toContain(
      '**Failed:** No &#60;permission&#62;.',
    );
  });

  it('is a sentence without rules', () => {
    expect(sources({ outcome: 'off', removed: [], deletedBytes: 0 })).toEqual([
      '#### Retention\n\nNo pruning was asked for, so every version is kept.',
    ]);
  });

  it('is in the conditional in a dry run', () => {
    const [planned] = sources({ outcome: 'planned' });
    expect(planned).toContain('1 version would be removed (37 objects, 1.3 MiB, hidden only), 3 versions kept.');
    expect(planned).toContain('what this prune removes would be hidden by delete markers');
    expect(planned).toContain('left behind by killed runs, would be cleaned up');
    const [uncertain] = sources({ outcome: 'planned', isAtMost: true });
    expect(uncertain).toContain('1 version would be removed (up to 37 objects, 1.3 MiB, hidden only)');
    expect(uncertain).toContain('still billed, up to 1.3 MiB of it');
  });
});
