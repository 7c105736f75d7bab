import { READ_FEATURES } from '../../aws/iam-actions.ts';
import { BackupError } from '../../errors.ts';
import { type BackupInputs, parseBackupInputs } from '../../inputs/backup.ts';
import { count } from '../../report/units.ts';
import { SeriesKeys } from '../../series/keys.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { keyProblem, objectKey } from '../../store/object-key.ts';
import type { Command } from '../command.ts';
import type { CommandPorts } from '../ports.ts';

/**
 * What is left to do after a backup that was killed and that no attempt will go on with: its multipart uploads are ended,
 * whose parts no listing of objects shows. Objects and claim stay: a later prune removes them by the claim.
 *
 * @param id of the version it was at work on, as it has noted it
 */
export function afterKill(id: string): Command<BackupInputs, number> {
  return {
    name: 'backup',
    parse: parseBackupInputs,
    features: () => [...READ_FEATURES, 'clean-up'],
    concurrency: () => 1,
    run: ({ store: { prefix, series } }, ports) => abortUploads(new SeriesKeys({ prefix, series }), id, ports),
    outputNames: [],
    outputs: () => ({}),
    summary: () => '',
  };
}

/** @returns how many were ended */
async function abortUploads(keys: SeriesKeys, id: string, { store, log }: CommandPorts): Promise<number> {
  if (parseVersionId(id)?.series !== keys.location.series) {
    throw new BackupError(`${JSON.stringify(id)} is no version of this series.`, { class: 'permanent', found: id });
  }
  let ended = 0;
  for await (const { key, uploadId } of store.listUploads(keys.dataPrefix(id))) {
    if (keyProblem(key) !== undefined) continue;
    await store.abortUpload(objectKey(key), uploadId);
    ended += 1;
  }
  log.info(
    `The step was killed: ${count(ended, 'upload')} that it had left open ended; a later prune removes the rest.`,
  );
  return ended;
}
