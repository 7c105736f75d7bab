import { describe, expect, it } from '@jest/globals';
import { renderPinSummary } from '../../../src/report/pin/summary.ts';
import { COMMON, PIN, VERSION } from '../command-report.ts';

describe('renderPinSummary', () => {
  it('says who, when and why, with hostile text harmless', () => {
    const page = renderPinSummary({ ...COMMON, version: VERSION, state: 'pinned', changed: true, pin: PIN });
    expect(page).toMatch(/^### Pinned dist version 42\n/);
    expect(page).toContain('| Who | <code>octocat</code> |');
    expect(page).toContain('| When | 2026-11-23 01:02:03 UTC |');
    expect(page).toContain('| Why | audit &#124; &#42;all&#42; &#64;&#8203;octocat&#92;n');
    expect(page).toContain('(https://github.com/acme/app/actions/runs/7)');
  });

  it.each([
    [{ state: 'pinned', changed: false }, 'Was pinned before: dist version 42'],
    [{ state: 'unpinned', changed: true }, 'Unpinned dist version 42'],
    [{ state: 'unpinned', changed: false }, 'Was not pinned: dist version 42'],
  ] as const)('is headed for %j', (outcome, heading) => {
    const page = renderPinSummary({ ...COMMON, version: VERSION, ...outcome });
    expect(page.split('\n')[0]).toBe(`### ${heading}`);
    expect(page).not.toContain('| Who |');
  });
});
