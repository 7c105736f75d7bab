import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { Drill } from '../../report/verify/types.ts';
import { planRestore } from '../../restoration/plan.ts';
import { openTarget } from '../../restoration/target-directory.ts';
import { Unpacking } from '../../restoration/unpack-engine.ts';
import { differences } from '../../verification/compare-restored.ts';
import { faultOf } from '../../verification/fault.ts';
import type { Damage } from '../../verification/types.ts';
import { carryOut } from '../restore/carry-out.ts';
import { ownObjects } from '../restore/own-keys.ts';
import type { OpenPlan } from '../restore/plan-step.ts';
import type { GatheredVersion } from './gather.ts';
import type { VerifyContext } from './request.ts';

/** Everything comes back as it was, wherever its links lead: nothing in the scratch directory is followed or used. */
const RULES = { stripComponents: 0, overwrite: 'never', links: 'keep' } as const;

/** Differences that are named; where there are more, something is wrong with the whole. */
const MAX_DIFFERENCES = 100;

export type DrillResult = { readonly drill: Drill } | { readonly damages: readonly Damage[] };

/**
 * Restores a version into a scratch directory, compares every entry on the disk with the index, and takes the time.
 * @throws BackupError for trouble of this machine or the network, of which nothing follows for the version
 */
export async function drillRestore(gathered: GatheredVersion, context: VerifyContext): Promise<DrillResult> {
  const { version } = gathered;
  const key = context.request.keys.record(version.id);
  const directory = await mkdtemp(join(context.scratch, 'drill-'));
  const startedMs = context.monotonicMs();
  try {
    const { totals, damages } = await restoreInto(directory, gathered, context);
    if (damages.length > 0) return { damages };
    return { drill: { durationMs: context.monotonicMs() - startedMs, totals } };
  } catch (error) {
    const fault = faultOf(error, 'restore');
    if (fault === undefined) throw error;
    return { damages: [{ key, ...fault, kind: 'restore', versions: [version.id] }] };
  } finally {
    await removeScratch(directory, context);
  }
}

async function restoreInto(directory: string, { version, record, index }: GatheredVersion, context: VerifyContext) {
  const { keys } = context.request;
  const objects = ownObjects(record, keys);
  const target = await openTarget({ below: directory, name: 'restored', isScratch: true }, context.runnerFiles);
  const plan = await planRestore({
    entries: index.entries(),
    isChosen: () => true,
    objectProblem: objects.problem,
    rules: RULES,
    target,
    temporaryDirectory: directory,
    // Compared when the index was read.
    checkTotals: () => {},
  });
  try {
    await writeAll({ plan, target, objects }, context);
    const damages: Damage[] = [];
    for await (const { path, problem } of differences(plan, target)) {
      damages.push({ path, key: keys.record(version.id), kind: 'restore', problem, versions: [version.id] });
      if (damages.length === MAX_DIFFERENCES) break;
    }
    return { totals: plan.totals, damages };
  } finally {
    await plan.close();
  }
}

async function writeAll(opened: OpenPlan, context: VerifyContext): Promise<void> {
  await using unpacking = new Unpacking();
  await carryOut(opened, unpacking, context.request, context);
}

/** What is left there is removed with the job at the latest. */
async function removeScratch(directory: string, { log }: VerifyContext): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    log.warn({
      kind: 'scratch-left',
      message: 'A directory that a version was restored into could not be removed.',
      subject: `${directory}: ${messageOf(error)}`,
    });
  }
}
