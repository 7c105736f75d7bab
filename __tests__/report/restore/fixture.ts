import type { RestoreReport } from '../../../src/report/restore/types.ts';
import { RUN, TIME } from '../../series/series-fixture.ts';

export const RESTORED: RestoreReport & Required<Pick<RestoreReport, 'restored'>> = {
  place: { bucket: 'acme', prefix: 'backups', series: 'dist', region: 'eu-west-1' },
  requests: { writes: 1, reads: 9, free: 0 },
  durationMs: 2000.4,
  problems: [],
  asked: 'latest',
  version: { id: 'dist_full_20261122T080910Z_000042', number: 42, type: 'full', time: TIME },
  run: RUN,
  restored: {
    target: '/work/restored-dist-000042-abc',
    totals: { files: 3, symlinks: 1, directories: 0, bytes: 4096 },
    left: 1,
    fetchedBytes: 2048,
    leftOut: { notChosen: 5, stripped: 2 },
  },
};

const { version: _, run: __, restored: ___, ...nothing } = RESTORED;
export const NOT_FOUND: RestoreReport = { ...nothing, asked: '7', notFound: 'The version "7" was not found.' };
