/**
 * The summaries of the reports in `__tests__/fixtures/reports/`, compared to the character. After a wanted change:
 * `node __tests__/fixtures/reports/update.ts`, then read the diff of the `.md.txt` files before committing it.
 */
import { describe, expect, it } from '@jest/globals';
import { SUMMARY_LIMIT_BYTES } from '../../src/report/budget.ts';
import { renderSummary } from '../../src/report/summary.ts';
import type { BackupReport } from '../../src/report/types.ts';
import { expectedSummary, loadReport, reportNames } from '../fixtures/reports/load.ts';

describe('renderSummary', () => {
  it.each(reportNames())('of %s is as expected', (name) => {
    expect(renderSummary(loadReport(name))).toBe(expectedSummary(name));
  });

  it('has fixtures', () => expect(reportNames().length).toBeGreaterThanOrEqual(4));

  it('uses only elements that GitHub lets through', () => {
    const allowed = /^<(?:\/?(?:code|details|summary)>|!-- -->)/;
    const prose = renderSummary(hostileReport(50)).replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');
    const tags = prose.match(/<[^>]*>?/g) ?? [];
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
  });

  it('stays within the limit with 100,000 of everything', () => {
    const summary = renderSummary(hostileReport(100_000));
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
    expect(summary).toMatch(/^### Backup dist version 42\n\nCommitted as full/);
    expect(summary).toContain('#### How to get it back');
    expect(summary).toContain('99,480 older versions not shown.');
  });

  it('shortens details, never the head, when even the capped lists are too long', () => {
    const report = hostileReport(600);
    const reasons = Array.from({ length: 60 }, () => '\u{e0041}'.repeat(40));
    const decisions = report.prune.decisions.map((decision) => ({ ...decision, reasons }));
    const summary = renderSummary({ ...report, prune: { ...report.prune, decisions } });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
    expect(summary).toMatch(/^### Backup dist version 42\n/);
    expect(summary).toMatch(/_Shortened to fit a job summary: retention, largest files, tags\._\n$/);
  });
});

/** A report with `count` of everything there is a list of, all with names that try to break out. */
function hostileReport(count: number): BackupReport {
  const report = loadReport('daily-with-prune');
  const names = Array.from({ length: count }, (_, i) =>
    `\`|</code></details><script>@octocat\n\u202e&\\${i}`.repeat(8),
  );
  const sample = { count, bytes: count, examples: names };
  const decisions = names.map((name, i) => ({
    version: { id: name, number: count - i, type: 'full' as const, time: report.version.time },
    keep: false,
    reasons: [name],
  }));
  const skippedVersions = names.map((id) => ({ id, reason: id }));
  return {
    ...report,
    largest: names.map((path) => ({ path, size: 1 })),
    skipped: { hidden: sample, credentials: sample, special: sample },
    difference: {
      againstNumber: 41,
      againstId: 'x',
      added: sample,
      changed: sample,
      removed: sample,
      unchanged: sample,
    },
    prune: { ...report.prune, decisions, removed: names, skipped: skippedVersions, abandoned: names },
    problems: names.map((name) => ({ kind: name, message: name, count, examples: names })),
    tags: Object.fromEntries(names.map((name) => [name, name])),
  };
}
