import { BackupError } from '../errors.ts';
import { doomedVersions } from '../retention/plan.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { DeleteFailure, Versioning } from '../store/object-store.ts';
import { listPins } from './catalogue.ts';
import { ABANDONED_AFTER_MS } from './prune-claims.ts';
import { type InUse, removeHidden } from './prune-hidden.ts';
import { hiddenBefore, hiddenVersions, warnOfHidden, withHidden } from './prune-hidden-records.ts';
import { abortStaleUploads, type LeftoverPorts, removeAbandoned, removeLeftovers } from './prune-leftovers.ts';
import { isLockRefusal } from './prune-locks.ts';
import { type PruneOutcome, PruneTally } from './prune-outcome.ts';
import { Remover } from './prune-remover.ts';
import { type Look, lineageOf, orphans, type Survey, survey, versionsOf } from './prune-survey.ts';

export interface PruneTask extends Omit<Look, 'tally'> {
  readonly versioning: Versioning;
  /** In a versioned bucket: delete all versions and markers of what is removed. */
  readonly pruneNoncurrent: boolean;
  /** Also end uploads that are older than `abandonedAfterMs`, and remove data nobody speaks for: two listings more. */
  readonly sweepsUploads?: boolean;
}

type Steps = PruneTask & LeftoverPorts;

/**
 * Carries out a retention plan, and cleans up after runs that were killed.
 *
 * The order is what makes it safe to interrupt, and safe beside writers: a last look at the pins; the records of all
 * doomed versions, so that none is visible with data missing; only then a look at the claims; the data nobody needs; the
 * claims last, because by them a later prune finds what an interrupted one left behind.
 *
 * @returns what was done; trouble with the store does not throw but ends in the outcome's `failure`
 */
export async function prune(task: PruneTask): Promise<PruneOutcome> {
  const tally = new PruneTally();
  try {
    await execute(task, tally);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    tally.stoppedBy(error);
  }
  return tally.outcome(onlyHides(task.versioning, task.pruneNoncurrent));
}

/** Whether a delete in this bucket leaves the bytes where they are, under a delete marker. */
export function onlyHides(versioning: Versioning, pruneNoncurrent: boolean): boolean {
  return (versioning === 'enabled' || versioning === 'suspended') && !pruneNoncurrent;
}

async function execute(task: PruneTask, tally: PruneTally): Promise<void> {
  const { store } = task;
  const erases = task.pruneNoncurrent && task.versioning !== 'off';
  const steps: Steps = { ...task, tally, remover: new Remover(store, erases ? 'all-versions' : 'plain', tally) };

  const doomed = doomedVersions(task.plan);
  const looksFurther = task.sweepsUploads === true || erases;
  const lineage = doomed.length > 0 || looksFurther ? await lineageOf(steps) : undefined;
  const removed = await removeRecords(steps, await withoutPinned(steps, doomed));
  // After the lineage, which misses a version whose record was hidden before it was read.
  const hidden = erases ? await hiddenVersions(steps) : [];
  const known = lineage && (await withHidden(lineage, hidden, steps));
  const found = await survey({ ...steps, hidden }, removed, known);
  await warnOfHidden(steps, hidden, found.claims);
  const { leftovers, needs } = found;
  try {
    const ofKind = (isAbandoned: boolean) => leftovers.filter(({ kind }) => (kind === 'abandoned') === isAbandoned);
    await removeLeftovers(steps, ofKind(false), needs);
    await removeAbandoned(steps, ofKind(true), needs);
    if (task.sweepsUploads) {
      await abortStaleUploads(steps, task.abandonedAfterMs ?? ABANDONED_AFTER_MS);
      await removeAbandoned(steps, await orphans(steps, found), needs);
    }
  } finally {
    await needs.close();
  }
  if (erases) await removeHidden(steps, inUse(task, found));
}

/** As it was when the plan was made: what is visible by now is not hidden, and so is left alone. */
function inUse(task: PruneTask, { claims, isNeeded }: Survey): InUse {
  return {
    recorded: new Set(versionsOf(task.plan).map(({ number }) => number)),
    claims,
    isNeeded,
    hiddenBefore: hiddenBefore(task.store, task.abandonedAfterMs),
  };
}

/**
 * The plan may be seconds old, and a pin that was reported as set counts. Between this look and the delete of the record
 * there is nothing but the delete itself.
 */
async function withoutPinned({ store, keys, tally }: Steps, doomed: readonly VersionFacts[]): Promise<VersionFacts[]> {
  if (doomed.length === 0) return [];
  const pinned = new Set((await listPins(store, keys)).map(({ number }) => number));
  tally.pinned.push(...doomed.filter(({ number }) => pinned.has(number)).map(({ id }) => id));
  return doomed.filter(({ number }) => !pinned.has(number));
}

/** A version whose record stays keeps its data too. */
async function removeRecords(steps: Steps, versions: readonly VersionFacts[]): Promise<VersionFacts[]> {
  if (versions.length === 0) return [];
  const { keys, remover, tally } = steps;
  const failures = new Map<string, DeleteFailure>();
  const records = versions.map(({ id }) => keys.record(id));
  await remover.removeKeys(keys.versionsPrefix, records, (failure) => failures.set(failure.target.key, failure));

  const removed = versions.filter(({ id }) => !failures.has(keys.record(id)));
  tally.removed.push(...removed.map(({ id }) => id));
  for (const { id } of versions) {
    const failure = failures.get(keys.record(id));
    if (failure !== undefined) skip(steps, id, failure);
  }
  return removed;
}

function skip({ tally }: Steps, id: string, failure: DeleteFailure): void {
  if (isLockRefusal(failure)) {
    tally.skipped.push({ id, reason: 'locked, until when may not be read' });
    return;
  }
  tally.skipped.push({ id, reason: `its record could not be deleted (${failure.code})` });
  tally.refused(failure);
}
