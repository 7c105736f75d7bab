import { describe, expect, it } from '@jest/globals';
import { finalLines, pruneLines } from '../../src/report/log-lines.ts';
import { loadReport } from '../fixtures/reports/load.ts';

describe('finalLines', () => {
  it('say what was committed, sent and asked', () => {
    expect(finalLines(loadReport('first-version'))).toEqual([
      'Version 1 of dist (full) committed: 1,234 files, 1.2 GiB, sent 1.2 GiB in 1 m 05 s (19 MiB/s), 1,334 requests',
      'Record: s3://acme-backups/backups/dist/versions/dist_full_20261120T031500Z_000001.json',
      'Retention: no pruning was asked for, every version is kept',
    ]);
  });

  it('add the difference and what the policy did', () => {
    expect(finalLines(loadReport('daily-with-prune')).slice(2)).toEqual([
      'Against version 41: 2 added (40 KiB), 1 changed (200 KiB), 30 removed (1.0 MiB), 2 unchanged (60 KiB)',
      'Retention: 1 version removed (37 objects, 1.3 MiB, hidden only), 3 kept',
      'Still there: dist_full_20261120T031500Z_000040 (locked until 2026-12-20 03:15:00 UTC)',
    ]);
  });

  it('are in the conditional in a dry run', () => {
    const lines = finalLines(loadReport('dry-run'));
    expect(lines[0]).toBe('Dry run, nothing was changed: version 43 of dist (full) would have 10 files, 50 GiB');
    expect(lines).toContain('Retention: 1 version would be removed (11 objects, 50 GiB), 2 kept');
  });

  it('say what of a dry run is an upper bound, as nothing was compared', () => {
    const report = loadReport('dry-run');
    const lines = finalLines({ ...report, buildsOn: 42, prune: { ...report.prune, isAtMost: true } });
    expect(lines[0]).toMatch(/50 GiB; not compared with version 42, so at most all of it would be sent$/);
    expect(lines).toContain('Retention: 1 version would be removed (up to 11 objects, 50 GiB), 2 kept');
  });

  it('say how long the version is locked', () => {
    const lock = { mode: 'GOVERNANCE', retainUntil: '2026-12-20T03:15:00.000Z', legalHold: false } as const;
    const words = 'locked until 2026-12-20 03:15:00 UTC (GOVERNANCE)';
    expect(finalLines({ ...loadReport('first-version'), lock })).toContain(`The version is ${words}`);
    expect(finalLines({ ...loadReport('dry-run'), lock })).toContain(`The version would be ${words}`);
  });

  it('leave out a rate where no time has passed', () => {
    expect(finalLines({ ...loadReport('first-version'), durationMs: 0 })[0]).toMatch(/sent 1\.2 GiB in 0 ms, 1,334/);
  });

  it('are safe for the log', () => {
    const report = loadReport('first-version');
    const lines = finalLines({ ...report, location: { ...report.location, uri: 's3://b/\n::error::x' } });
    expect(lines[1]).toBe('Record: s3://b/\\n\\u003a:error\\u003a:x');
  });
});

describe('pruneLines', () => {
  it('give the reason of a failure', () => {
    const { prune } = loadReport('prune-failed');
    expect(pruneLines(prune)).toEqual([`Retention failed: ${prune.failure}`]);
  });
});
