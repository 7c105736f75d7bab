import { expect, it } from '@jest/globals';
import { renderPruneSummary } from '../../../src/report/prune/summary.ts';
import { FAILED, REPORT } from './prune-report.ts';

it('shows the plan, what became of it, and where', () => {
  const page = renderPruneSummary(REPORT);
  expect(page).toMatch(/^### Prune dist\n/);
  expect(page).toMatch(/\| 41 \| [^|]+ \| full \| \*\*removed\*\* \| beyond the last 1 \|/);
  expect(page).toContain('1 version left behind by killed runs, cleaned up');
  expect(page).toContain('<code>acme</code>');
});

it('says first that it failed', () => {
  expect(renderPruneSummary(FAILED)).toMatch(/^### Prune dist\n\n\*\*The prune failed\.\*\*/);
});

it('says first that it was only a dry run', () => {
  const planned = { ...REPORT, dryRun: true, prune: { ...REPORT.prune, outcome: 'planned' as const } };
  expect(renderPruneSummary(planned)).toMatch(/^### Dry run of prune dist\n\n\*\*Dry run: nothing was changed\.\*\*/);
});
