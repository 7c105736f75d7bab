import { backupFeatures, dryRunFeatures } from '../../aws/iam-actions.ts';
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
  features({ retention, lock, dryRun }) {
    if (dryRun) return [...dryRunFeatures(retention), ...(lock === undefined ? [] : (['see-object-lock'] as const))];
    const prune = hasRules(retention.policy);
    return backupFeatures({
      tags: true,
      prune,
      pruneNoncurrent: retention.pruneNoncurrent,
      ...(lock && { lock: lock.legalHold ? 'held' : 'retained' }),
    });
  },
  concurrency: ({ transfer }) => transfer.concurrency,
  run: (inputs, ports) => backup(requestOf(inputs), ports),
  outputNames: OUTPUT_NAMES,
  outputs: outputsOf,
  summary: renderSummary,
};

function requestOf(inputs: BackupInputs): BackupRequest {
  const { selection, output, store, incremental, transfer, resume, retention, tags, lock, dryRun } = inputs;
  const { prefix, series, storageClass, encryption } = store;
  return {
    keys: new SeriesKeys({ prefix, series }),
    selection,
    ...(output && { output }),
    tags,
    ...(storageClass && { storageClass }),
    ...(encryption && { encryption }),
    ...(lock && { lock }),
    resume,
    incremental,
    ...transfer,
    retention,
    dryRun,
  };
}
