import { READ_FEATURES } from '../../aws/iam-actions.ts';
import { parseRestoreInputs, type RestoreInputs } from '../../inputs/restore.ts';
import { RESTORE_OUTPUT_NAMES, restoreOutputs } from '../../report/restore/outputs.ts';
import { renderRestoreSummary } from '../../report/restore/summary.ts';
import type { RestoreReport } from '../../report/restore/types.ts';
import { SeriesKeys } from '../../series/keys.ts';
import type { Command } from '../command.ts';
import { restore } from '../restore.ts';
import type { RestoreRequest } from './request.ts';

export const restoreCommand: Command<RestoreInputs, RestoreReport> = {
  name: 'restore',
  parse: parseRestoreInputs,
  features: () => READ_FEATURES,
  concurrency: ({ concurrency }) => concurrency,
  run: (inputs, ports) => restore(requestOf(inputs), ports),
  outputNames: RESTORE_OUTPUT_NAMES,
  outputs: restoreOutputs,
  summary: renderRestoreSummary,
};

function requestOf({ store: { prefix, series }, credentials: _, notes: __, ...asked }: RestoreInputs): RestoreRequest {
  return { ...asked, keys: new SeriesKeys({ prefix, series }) };
}
