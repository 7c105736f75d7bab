import { backupFeatures, DRY_RUN_FEATURES } from '../../aws/iam-actions.ts';
import { type BackupInputs, parseBackupInputs } from '../../inputs/backup.ts';
import { OUTPUT_NAMES, outputsOf } from '../../report/outputs.ts';
import { renderSummary } from '../../report/summary.ts';
import type { BackupReport } from '../../report/types.ts';
import { hasRules } from '../../retention/rules.ts';
import { SeriesKeys } from '../../series/keys.ts';
import { backup } from '../backup.ts';
import type { Command } from '../command.ts';
import type { BackupRequest } from './request.ts';

export const backupCommand: Command<BackupInputs, BackupReport> = {
  name: 'backup',
  parse: parseBackupInputs,
  features({ retention, dryRun }) {
    if (dryRun) return DRY_RUN_FEATURES;
    const prune = hasRules(retention.policy);
    return backupFeatures({ tags: true, prune, pruneNoncurrent: retention.pruneNoncurrent });
  },
  concurrency: ({ transfer }) => transfer.concurrency,
  run: (inputs, ports) => backup(requestOf(inputs), ports),
  outputNames: OUTPUT_NAMES,
  outputs: outputsOf,
  summary: renderSummary,
};

function requestOf(inputs: BackupInputs): BackupRequest {
  const { selection, store, transfer, retention, tags, dryRun } = inputs;
  const { prefix, series, storageClass } = store;
  return {
    keys: new SeriesKeys({ prefix, series }),
    selection,
    tags,
    ...(storageClass && { storageClass }),
    ...transfer,
    retention,
    dryRun,
  };
}
