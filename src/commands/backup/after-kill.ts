import { READ_FEATURES } from '../../aws/iam-actions.ts';
import { BackupError } from '../../errors.ts';
import { type BackupInputs, parseBackupInputs } from '../../inputs/backup.ts';
import { count } from '../../report/units.ts';
import { SeriesKeys } from '../../series/keys.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { exists } from '../../store/exists.ts';
import { keyProblem, objectKey } from '../../store/object-key.ts';
import type { Command } from '../command.ts';
import type { CommandPorts } from '../ports.ts';

/** What there is to say of a backup that was killed once its version was there. */
export function committedBeforeKill(id: string): string {
  return (
    `The step was killed after it had committed ${id}: the version is whole, and there to be listed and restored. What ` +
    'came after that was cut short: outputs, job summary and, where a policy is given, the prune, which the next run carries on.'
  );
}

/**
 * What is left to do after a backup that was killed and that no attempt will go on with: its multipart uploads are ended,
 * whose parts no listing of objects shows. Objects and claim stay: a later prune removes them by the claim. Of a version
 * that is there nothing is touched. Should its record come in only now, it is none the worse: no record refers to an
 * upload that is open.
 *
 * @param id of the version it was at work on, as it has noted it
 */
export function afterKill(id: string): Command<BackupInputs, number> {
  return {
    name: 'backup',
    parse: parseBackupInputs,
    features: () => [...READ_FEATURES, 'clean-up'],
    concurrency: () => 1,
    run: ({ store: { prefix, series } }, ports) => cleanUp(new SeriesKeys({ prefix, series }), id, ports),
    outputNames: [],
    outputs: () => ({}),
    summary: () => '',
  };
}

/** @returns how many uploads were ended */
async function cleanUp(keys: SeriesKeys, id: string, { store, log }: CommandPorts): Promise<number> {
  if (parseVersionId(id)?.series !== keys.location.series) {
    throw new BackupError(`${JSON.stringify(id)} is no version of this series.`, { class: 'permanent', found: id });
  }
  if (await exists(store, keys.record(id))) {
    log.info(committedBeforeKill(id));
    return 0;
  }
  const ended = await abortUploads(keys, id, store);
  log.info(
    `The step was killed: ${count(ended, 'upload')} that it had left open ended; a later prune removes what else no version needs.`,
  );
  return ended;
}

async function abortUploads(keys: SeriesKeys, id: string, store: CommandPorts['store']): Promise<number> {
  let ended = 0;
  for await (const { key, uploadId } of store.listUploads(keys.dataPrefix(id))) {
    if (keyProblem(key) !== undefined) continue;
    await store.abortUpload(objectKey(key), uploadId);
    ended += 1;
  }
  return ended;
}
