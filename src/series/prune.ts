import { BackupError, isClass } from '../errors.ts';
import type { Warning } from '../log.ts';
import { doomedVersions } from '../retention/plan.ts';
import type { VersionFacts } from '../retention/types.ts';
import { keyProblem } from '../store/object-key.ts';
import type { DeleteFailure, Versioning } from '../store/object-store.ts';
import { listPins } from './catalogue.ts';
import { ABANDONED_AFTER_MS } from './prune-claims.ts';
import { type InUse, removeHidden } from './prune-hidden.ts';
import { hiddenVersions, warnOfHidden, withHidden } from './prune-hidden-records.ts';
import {
  abortStaleUploads,
  doomedUploads,
  type LeftoverPorts,
  removeAbandoned,
  removeLeftovers,
} from './prune-leftovers.ts';
import { type Lineage, readLineage } from './prune-lineage.ts';
import { isLockRefusal } from './prune-locks.ts';
import { orphanedIds } from './prune-orphans.ts';
import { type EndedUploads, type PruneOutcome, PruneTally, UploadTally } from './prune-outcome.ts';
import { Remover } from './prune-remover.ts';
import { type Leftover, type Look, recordedOf, type Survey, survey, versionsOf } from './prune-survey.ts';

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
 * The order is what makes it safe to interrupt, and safe beside writers: first a last look at the pins; then the records of all doomed versions, so
 * that none is visible with data missing; only then a look at the claims; then the data nobody needs; the claims last,
 * because by them a later prune finds what an interrupted one left behind.
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

/** What {@link prune} would delete, claims and records not counted. */
export interface PrunePreview {
  readonly leftovers: readonly (Leftover & { readonly isPartlyNeeded: boolean })[];
  readonly objects: number;
  readonly bytes: number;
  /** Uploads that would be ended. Absent: none. */
  readonly uploads?: EndedUploads;
  readonly warnings: readonly Warning[];
}

/**
 * What is left to be deleted once the records of some versions are gone. Changes nothing.
 * @param removed versions of the plan
 */
export async function previewPrune(
  look: Omit<Look, 'tally'> & Pick<PruneTask, 'sweepsUploads'>,
  removed: readonly VersionFacts[],
): Promise<PrunePreview> {
  const tally = new PruneTally();
  const seen = { ...look, tally };
  const looksFurther = look.sweepsUploads === true;
  const known = removed.length > 0 || looksFurther ? await lineageOf(seen) : undefined;
  const found = await survey(seen, removed, known);
  const { needs } = found;
  try {
    const leftovers = [...found.leftovers, ...(looksFurther ? await orphans(look, found) : [])];
    const partly = new Set(needs.partly);
    const marked = leftovers.map((leftover) => ({ ...leftover, isPartlyNeeded: partly.has(leftover.id) }));
    const amount = await amountOf(look, { leftovers, needs });
    const uploads = looksFurther ? await uploadsOf(look, leftovers, tally) : {};
    return { leftovers: marked, ...amount, ...uploads, warnings: tally.warnings };
  } finally {
    await needs.close();
  }
}

/** A role that only reads may not be allowed to see uploads: the rest of the plan is worth having all the same. */
async function uploadsOf(look: Omit<Look, 'tally'>, leftovers: readonly Leftover[], { warnings }: PruneTally) {
  const abandoned = leftovers.filter(({ kind }) => kind === 'abandoned').map(({ id }) => id);
  const uploads = new UploadTally();
  const maxAgeMs = look.abandonedAfterMs ?? ABANDONED_AFTER_MS;
  try {
    for await (const { key } of doomedUploads(look, maxAgeMs, abandoned)) uploads.add(key);
  } catch (error) {
    if (!isClass(error, 'permanent')) throw error;
    warnings.push(unseenUploads(error));
  }
  return uploads.current();
}

function unseenUploads({ message, details: { hint = '' } }: BackupError): Warning {
  const words = `The plan leaves out the open uploads that a prune would end: ${message} ${hint}`;
  return { kind: 'unseen-uploads', message: words.trimEnd() };
}

async function amountOf(
  { store, keys }: Omit<Look, 'tally'>,
  { leftovers, needs }: Pick<Survey, 'leftovers' | 'needs'>,
) {
  const partly = new Set(needs.partly);
  const free = leftovers.map(({ id }) => id).filter((id) => !partly.has(id));
  const cursor = needs.cursor();
  let [objects, bytes] = [0, 0];
  try {
    for (const id of [...free, ...needs.partly]) {
      for await (const { key, size } of store.list(keys.dataPrefix(id))) {
        if (keyProblem(key) !== undefined || (partly.has(id) && (await cursor.has(key)))) continue;
        objects += 1;
        bytes += size;
      }
    }
  } finally {
    await cursor.close();
  }
  return { objects, bytes };
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
  const hidden = erases ? await hiddenVersions(steps, hiddenBefore(task)) : [];
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

/** As killed runs that have no claim any more; what is leaned on is none of them, whatever became of its claim. */
async function orphans(
  { store, keys, plan, abandonedAfterMs = ABANDONED_AFTER_MS }: Omit<Look, 'tally'>,
  { claims, isNeeded }: Survey,
): Promise<Leftover[]> {
  const versions = versionsOf(plan);
  const numbers = new Set(versions.map(({ number }) => number));
  const ids = await orphanedIds(store, keys, {
    recorded: new Set(versions.map(({ id }) => id)),
    claimed: new Set(claims.map(({ number }) => number).filter((number) => !numbers.has(number))),
    madeBefore: new Date(store.now().getTime() - abandonedAfterMs),
  });
  return ids.filter((id) => !isNeeded(id)).map((id) => ({ id, claims: [], kind: 'abandoned' as const }));
}

/** As it was when the plan was made: what is visible by now is not hidden, and so is left alone. */
function inUse(task: PruneTask, { claims, isNeeded }: Survey): InUse {
  return {
    recorded: new Set(versionsOf(task.plan).map(({ number }) => number)),
    claims,
    isNeeded,
    hiddenBefore: hiddenBefore(task),
  };
}

/** What was hidden later can still be brought back. */
function hiddenBefore({ store, abandonedAfterMs = ABANDONED_AFTER_MS }: PruneTask): Date {
  return new Date(store.now().getTime() - abandonedAfterMs);
}

/** Before the first record goes: a doomed version tells what may be needed by nobody afterwards. */
function lineageOf(look: Look): Promise<Lineage> {
  return readLineage(look.store, look.keys, recordedOf(look), look.tally);
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
