import { dryPruneFeatures, pruneFeatures } from '../../aws/iam-actions.ts';
import { BackupError } from '../../errors.ts';
import { type PruneInputs, parsePruneInputs } from '../../inputs/prune.ts';
import { PRUNE_OUTPUT_NAMES, pruneOutputs } from '../../report/prune/outputs.ts';
import { renderPruneSummary } from '../../report/prune/summary.ts';
import type { PruneCommandReport } from '../../report/types.ts';
import { SeriesKeys } from '../../series/keys.ts';
import { PRUNE_CONCURRENCY } from '../../series/prune-parallel.ts';
import type { Command } from '../command.ts';
import { prune } from '../prune.ts';

export const pruneCommand: Command<PruneInputs, PruneCommandReport> = {
  name: 'prune',
  parse: parsePruneInputs,
  features: ({ retention, dryRun }) => (dryRun ? dryPruneFeatures(retention) : pruneFeatures(retention)),
  concurrency: () => PRUNE_CONCURRENCY,
  run: ({ store: { prefix, series }, retention, dryRun }, ports) =>
    prune({ keys: new SeriesKeys({ prefix, series }), retention, dryRun }, ports),
  outputNames: PRUNE_OUTPUT_NAMES,
  outputs: pruneOutputs,
  summary: renderPruneSummary,
  failure: failureOf,
};

const HALF_DONE_HINT =
  'What was removed stays removed, and no version is half there; run the prune again for the rest.';

/** Unlike after a backup, where the backup is what counts. A dry run fails where the real one would be stopped. */
function failureOf({ prune: { failure, stopped } }: PruneCommandReport): BackupError | undefined {
  if (failure === undefined) return undefined;
  const hint = stopped ? {} : { hint: HALF_DONE_HINT };
  return new BackupError(failure, { class: 'permanent', operation: 'prune', ...hint });
}
