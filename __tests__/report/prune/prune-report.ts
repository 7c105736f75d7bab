import type { PruneCommandReport } from '../../../src/report/types.ts';
import { COMMON, VERSION } from '../command-report.ts';

export const KILLED = 'dist_full_20261110T010203Z_000040';
export const OLDER = { ...VERSION, number: 41, id: 'dist_full_20261121T080910Z_000041' };

export const REPORT: PruneCommandReport = {
  ...COMMON,
  dryRun: false,
  prune: {
    outcome: 'done',
    decisions: [
      { version: VERSION, keep: true, reasons: ['last 1 of 1'] },
      { version: OLDER, keep: false, reasons: ['beyond the last 1'] },
    ],
    removed: [OLDER.id],
    skipped: [],
    deletedObjects: 4,
    deletedBytes: 123,
    abandoned: [KILLED],
    onlyHidden: false,
  },
};

export const FAILED: PruneCommandReport = {
  ...REPORT,
  prune: { ...REPORT.prune, outcome: 'failed', removed: [], failure: 'One object could not be deleted.' },
};
