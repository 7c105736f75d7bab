import { describe, expect, it } from '@jest/globals';
import { SUMMARY_LIMIT_BYTES } from '../../../src/report/budget.ts';
import { renderVerifySummary } from '../../../src/report/verify/summary.ts';
import { ID, RECORD } from '../../series/series-fixture.ts';
import { aReport, DAMAGE, STALENESS } from './fixture.ts';

const version = (number: number) => ({ id: ID, number, type: 'full', time: new Date(0) }) as const;

describe('the summary of a verification', () => {
  it('says what was looked at', () => {
    const summary = renderVerifySummary(aReport({ notComparable: 1 }));
    expect(summary).toContain('### Verified dist version latest');
    expect(summary).toContain('Checked existence, size and ETag of every object: 3 objects, 1.2 KiB (1,234 bytes).');
    expect(summary).toContain('Of 1 object the store keeps no checksum that could be compared.');
    expect(summary).toContain('| 42 | 2026-11-22 08:09:10 UTC | 3 | 1.2 KiB | intact |');
    expect(summary).not.toContain('damaged');
  });

  it('shows what is damaged and which versions it hurts', () => {
    const damaged = { first: [DAMAGE], count: 3, file: '/tmp/list.ndjson' };
    const summary = renderVerifySummary(aReport({ damaged, staleness: STALENESS }));
    expect(summary).toContain('### Verification failed: dist version latest');
    expect(summary).toContain('**3 damaged entries.**');
    expect(summary).toContain(`| <code>b/ü.txt</code> | it is not there | <code>${ID}</code> |`);
    expect(summary).toContain('… and 2 more; the file in the output <code>damaged-file</code> has all.');
    expect(summary).toContain('is 1 d 06 h old');
    expect(summary).toContain('**damaged**');
  });

  it('shows how long restores took', () => {
    const versions = [
      { version: version(1), state: 'pruned' as const },
      { version: version(2), state: 'intact' as const, drill: { durationMs: 2000, totals: RECORD.totals } },
    ];
    const summary = renderVerifySummary(aReport({ versions }));
    expect(summary).toContain('| Restored in |');
    expect(summary.indexOf('| 2 |')).toBeLessThan(summary.indexOf('| 1 |'));
    expect(summary).toMatch(/\| 2 \|.*\| 2\.0 s \|/);
    expect(summary).toMatch(/\| 1 \|.*\| pruned \| {2}\|/);
  });

  it('fits, however much there is', () => {
    const long = { ...DAMAGE, path: '|*_'.repeat(300), problem: '<'.repeat(900), versions: Array(50).fill(ID) };
    const versions = Array.from({ length: 5000 }, (_, index) => ({
      version: version(index),
      state: 'damaged' as const,
    }));
    const damaged = { first: Array(5000).fill(long), count: 9999, file: '/tmp/list.ndjson' };
    const summary = renderVerifySummary(aReport({ versions, damaged }));
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
    expect(summary).toContain('and 40 more');
  });
});
