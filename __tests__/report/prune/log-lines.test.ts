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

it.each([
  ['done', 'ended'],
  ['planned', 'would be ended'],
] as const)('names uploads that were left open, when the prune is %s', (outcome, words) => {
  const uploads = { count: 12, examples: ['data/x\n::error::'] };
  const lines = pruneCommandLines({ ...REPORT, prune: { ...REPORT.prune, outcome, uploads } });
  expect(lines.slice(1, 3)).toEqual([
    `Upload that was left open, ${words}: data/x\\n\\u003a:error\\u003a:`,
    '… and 11 more',
  ]);
});
