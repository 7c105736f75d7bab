import { join } from 'node:path';
import { BackupError, DAMAGED } from '../../errors.ts';
import { entryKinds } from '../../report/entry-kinds.ts';
import { bytes, count } from '../../report/units.ts';
import { entryChooser } from '../../restoration/choose-entries.ts';
import { planRestore } from '../../restoration/plan.ts';
import { type OpenTarget, openTarget } from '../../restoration/target-directory.ts';
import type { Plan } from '../../restoration/types.ts';
import { fetchIndex } from '../../series/index-file.ts';
import type { Totals } from '../../series/model.ts';
import { formatNumber } from '../../series/version-id.ts';
import type { FoundVersion } from './find-version.ts';
import { type OwnObjects, ownIndex, ownObjects } from './own-keys.ts';
import type { RestorePorts, RestoreRequest } from './request.ts';

export interface OpenPlan {
  readonly plan: Plan;
  readonly target: OpenTarget;
  readonly objects: OwnObjects;
}

/**
 * Fetches the index and plans the restore.
 *
 * @param scratch for lists that are too long for memory; whatever is left in it goes with it
 * @throws BackupError before anything is written; a target that was made for it is gone again
 */
export async function planStep(
  request: RestoreRequest,
  { version, record }: FoundVersion,
  scratch: string,
  ports: RestorePorts,
): Promise<OpenPlan> {
  const { keys, patterns } = request;
  const isChosen = await entryChooser(patterns);
  const index = await fetchIndex(ports.reader, keys, ownIndex(record, keys), join(scratch, 'index'));
  const name = `restored-${keys.location.series}-${formatNumber(version.number)}`;
  const { target: path, workspace } = request;
  const wanted = path === undefined ? { below: workspace, name } : { path, inUse: workspace };
  const objects = ownObjects(record, keys);
  const target = await openTarget(wanted, ports.runnerFiles);
  try {
    const plan = await planRestore({
      entries: index.entries(),
      isChosen,
      objectProblem: objects.problem,
      rules: request.rules,
      target,
      temporaryDirectory: scratch,
      checkTotals: (found) => checkTotals(record.totals, found, version.id),
    });
    describe(plan, target, ports);
    return { plan, target, objects };
  } catch (error) {
    await target.undo();
    throw error;
  }
}

function describe({ totals, toFetch }: Plan, target: OpenTarget, { log }: RestorePorts): void {
  log.info(`Checked ${entryKinds(totals)} to be restored into ${target.path}`);
  log.info(`To be fetched: ${count(toFetch.files, 'file')}, ${bytes(toFetch.bytes)}`);
}

/** The index is the record's, byte by byte; that the two tell different stories is damage all the same. */
function checkTotals(expected: Totals, found: Totals, id: string): void {
  const same = (['files', 'symlinks', 'directories', 'bytes'] as const).every((name) => expected[name] === found[name]);
  if (same) return;
  throw new BackupError(`The index of version ${id} does not have the entries its record counts.`, {
    class: 'permanent',
    operation: 'read index',
    key: id,
    code: DAMAGED,
    expected: JSON.stringify(expected),
    found: JSON.stringify(found),
    hint: 'Nothing was written. The version is damaged: verify the series, and restore an older or newer one.',
  });
}
