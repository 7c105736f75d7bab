import { expect, it } from '@jest/globals';
import { planOutput } from '../../../src/report/plan-output.ts';
import { PRUNE_OUTPUT_NAMES, pruneOutputs } from '../../../src/report/prune/outputs.ts';
import { VERSION } from '../command-report.ts';
import { FAILED, KILLED, OLDER, REPORT } from './prune-report.ts';

it('has every output of prune/action.yml', () => {
  const outputs = pruneOutputs(REPORT);
  expect(Object.keys(outputs)).toEqual([...PRUNE_OUTPUT_NAMES]);
  expect(outputs).toEqual({
    pruned: JSON.stringify([OLDER.id]),
    kept: JSON.stringify([VERSION.id]),
    plan: planOutput(REPORT.prune),
    abandoned: JSON.stringify([KILLED]),
    'deleted-objects': '4',
    'deleted-bytes': '123',
    requests: '6',
    'duration-ms': '1235',
  });
});

it('tells of a prune that failed what it did before that', () => {
  expect(pruneOutputs(FAILED)).toMatchObject({ pruned: '[]', kept: JSON.stringify([VERSION.id, OLDER.id]) });
});
