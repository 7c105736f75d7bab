import type { CommandReport } from '../../src/report/types.ts';

/** What all commands report, for tests of the rest. */
export const COMMON: CommandReport = {
  place: { bucket: 'acme', prefix: 'backups', series: 'dist', region: 'eu-west-1' },
  requests: { writes: 3, reads: 2, free: 1 },
  durationMs: 1234.5,
  problems: [],
};

export const RUN = {
  repository: 'acme/app',
  commit: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  workflow: 'Build',
  job: 'build',
  runId: '7',
  runAttempt: '1',
  event: 'push',
  actor: 'octocat',
  url: 'https://github.com/acme/app/actions/runs/7',
};

export const VERSION = {
  id: 'dist_full_20261122T080910Z_000042',
  number: 42,
  type: 'full' as const,
  time: new Date('2026-11-22T08:09:10Z'),
};

export const PIN = {
  format: 1 as const,
  id: VERSION.id,
  number: 42,
  reason: 'audit | *all* @octocat\n::error::x',
  run: RUN,
  time: '2026-11-23T01:02:03.456Z',
};
