import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { restoreLines } from '../report/restore/log-lines.ts';
import type { RestoreReport } from '../report/restore/types.ts';
import { Unpacking } from '../restoration/unpack-engine.ts';
import { resuming } from '../store/resume.ts';
import { commandReport } from './command-report.ts';
import type { CommandPorts } from './ports.ts';
import { type FoundVersion, findVersion } from './restore/find-version.ts';
import { explainMissing } from './restore/missing-object.ts';
import { nothingChosen } from './restore/nothing-chosen.ts';
import { type OpenPlan, planStep } from './restore/plan-step.ts';
import type { RestorePorts, RestoreRequest } from './restore/request.ts';
import { writeStep } from './restore/write-step.ts';

/** What came of the steps, for the report. */
type Outcome = Pick<RestoreReport, 'version' | 'run' | 'restored' | 'notFound'>;

/**
 * Gets a version back: find it → fetch its index → check every entry and the target → fetch and write → look at the
 * result. The bucket is taken for hostile throughout.
 *
 * @throws BackupError where not all that was asked for could be restored, or must not be
 */
export async function restore(request: RestoreRequest, ports: CommandPorts): Promise<RestoreReport> {
  const startedMs = ports.monotonicMs();
  const outcome = await restoreInto(request, { ...ports, reader: resuming(ports.store, ports) });
  const report = { ...commandReport(request.keys.location, ports, startedMs), asked: request.version, ...outcome };
  for (const line of restoreLines(report)) ports.log.info(line);
  return report;
}

async function restoreInto(request: RestoreRequest, ports: RestorePorts): Promise<Outcome> {
  const { log } = ports;
  const found = await log.step('Find the version', () => findVersion(request, ports));
  if ('notFound' in found) return found;
  const scratch = await mkdtemp(join(ports.temporaryDirectory, 'restore-'));
  try {
    await using unpacking = new Unpacking();
    // Patterns may choose a single file out of a whole version.
    if (request.patterns.length === 0) unpacking.expect(filesInPacks(found.record));
    const plan = await log.step('Check entries and target', () => planStep(request, found, scratch, ports));
    return await restorePlan(request, found, { plan, unpacking }, ports);
  } catch (error) {
    throw await explainMissing(error, found, request, ports);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** At most: which of them the target has already is not known before the index is read. */
function filesInPacks({ packs, totals }: FoundVersion['record']): number {
  return packs.length === 0 ? 0 : totals.files;
}

async function restorePlan(
  request: RestoreRequest,
  { version, record }: FoundVersion,
  { plan: open, unpacking }: { readonly plan: OpenPlan; readonly unpacking: Unpacking },
  ports: RestorePorts,
): Promise<Outcome> {
  const { plan, target } = open;
  const about = { version, run: record.run };
  const problem = nothingChosen(request, plan);
  if (problem !== undefined) {
    await target.undo();
    if (request.onNotFound === 'error') throw problem;
    return { ...about, notFound: problem.message };
  }
  const fetchedBytes = await ports.log.step('Restore files', () => writeStep(request, open, unpacking, ports));
  const { totals, left, leftOut } = plan;
  return { ...about, restored: { target: target.path, totals, left, fetchedBytes, leftOut } };
}
