import { expect, it } from '@jest/globals';
import { pruneCommandLines } from '../../../src/report/prune/log-lines.ts';
import { KILLED, REPORT } from './prune-report.ts';

it('says what was removed and cleaned up', () => {
  expect(pruneCommandLines(REPORT)).toEqual([
    'Retention: 1 version removed (4 objects, 123 B), 1 kept',
    `Left behind by a killed run, cleaned up: ${KILLED}`,
  ]);
});

it('says of a dry run what would be', () => {
  expect(pruneCommandLines({ ...REPORT, dryRun: true, prune: { ...REPORT.prune, outcome: 'planned' } })).toEqual([
    'Dry run, nothing was changed',
    'Retention: 1 version would be removed (4 objects, 123 B), 1 kept',
    `Left behind by a killed run, would be cleaned up: ${KILLED}`,
  ]);
});
