import { describe, expect, it } from '@jest/globals';
import { keptCount, planLines, planRows } from '../../src/report/plan.ts';
import { loadReport } from '../fixtures/reports/load.ts';

const { prune } = loadReport('daily-with-prune');

describe('the plan', () => {
  it('tells what became of each version, and why', () => {
    expect(planRows(prune).map(({ number, fate, why }) => [number, fate, why])).toEqual([
      ['42', 'kept', 'newest version, last 1 of 2'],
      ['41', 'kept', 'last 2 of 2'],
      ['40', 'not removed', 'locked until 2026-12-20 03:15:00 UTC'],
      ['39', 'removed', 'no rule keeps it'],
      ['7', 'kept', 'pinned'],
    ]);
  });

  it('is in the conditional in a dry run', () => {
    const fates = planRows(loadReport('dry-run').prune).map(({ fate }) => fate);
    expect(fates).toEqual(['kept', 'kept', 'would be removed']);
  });

  it('says what a failed prune left', () => {
    const fates = planRows(loadReport('prune-failed').prune).map(({ fate }) => fate);
    expect(fates).toEqual(['kept', 'kept', 'not removed']);
  });

  it('counts as kept only what the policy keeps', () => expect(keptCount(prune)).toBe(3));
});

describe('its lines', () => {
  it('have aligned columns', () => {
    expect(planLines(prune)).toEqual([
      'version 42  2026-11-22 03:15:00 UTC  full  kept         newest version, last 1 of 2',
      'version 41  2026-11-21 03:15:00 UTC  full  kept         last 2 of 2',
      'version 40  2026-11-20 03:15:00 UTC  full  not removed  locked until 2026-12-20 03:15:00 UTC',
      'version 39  2026-11-19 03:15:00 UTC  full  removed      no rule keeps it',
      'version  7  2026-11-01 03:15:00 UTC  full  kept         pinned',
    ]);
  });

  it('are safe for the log', () => {
    const [decision] = prune.decisions.slice(0, 1);
    const decisions = decision === undefined ? [] : [{ ...decision, reasons: ['\n::error::x'] }];
    expect(planLines({ ...prune, decisions })).toEqual([expect.stringMatching(/ \\n\\u003a:error\\u003a:x$/)]);
  });

  it('can be very many', () => {
    const decisions = Array.from({ length: 200_000 }, () => prune.decisions)
      .flat()
      .slice(0, 200_000);
    expect(planLines({ ...prune, decisions }).length).toBe(200_000);
  });
});
