import { BackupError } from '../errors.ts';
import { doomedVersions, keptVersions } from '../retention/plan.ts';
import type { RetentionPlan, VersionFacts } from '../retention/types.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { DeleteFailure, ObjectStore, Versioning } from '../store/object-store.ts';
import { type ListedClaim, listClaims } from './catalogue.ts';
import type { SeriesKeys } from './keys.ts';
import {
  ABANDONED_AFTER_MS,
  abandonedClaims,
  type ClaimsById,
  claimsById,
  type IsLeanedOn,
  leanedOn,
  type ReadClaim,
} from './prune-claims.ts';
import { type InUse, removeHidden } from './prune-hidden.ts';
import { abortStaleUploads, type LeftoverPorts, removeAbandoned, removeLeftovers } from './prune-leftovers.ts';
import { isLockRefusal } from './prune-locks.ts';
import { orphanedIds } from './prune-orphans.ts';
import { type PruneOutcome, PruneTally } from './prune-outcome.ts';
import { Remover } from './prune-remover.ts';

export interface PruneTask {
  readonly store: ObjectStore;
  readonly keys: SeriesKeys;
  /** What is locked is kept by it, see `withHolds`. */
  readonly plan: RetentionPlan;
  readonly versioning: Versioning;
  /** In a versioned bucket: delete all versions and markers of what is removed. */
  readonly pruneNoncurrent: boolean;
  readonly readClaim: ReadClaim;
  /** Also end uploads that are older than `abandonedAfterMs`, and remove data nobody speaks for: two listings more. */
  readonly sweepsUploads?: boolean;
  /** The claim of the run that prunes: never touched. */
  readonly ownClaim?: ObjectKey;
  /** Default {@link ABANDONED_AFTER_MS}. */
  readonly abandonedAfterMs?: number;
}

type Steps = PruneTask & LeftoverPorts;

/** What it takes to look at the claims, and no more. */
type Look = Pick<PruneTask, 'store' | 'keys' | 'plan' | 'readClaim' | 'ownClaim' | 'abandonedAfterMs'>;

/**
 * Carries out a retention plan, and cleans up after runs that were killed.
 *
 * The order is what makes it safe to interrupt, and safe beside writers: first the records of all doomed versions, so
 * that none is visible with data missing; only then a look at the claims; then the data; the claims last, because by
 * them a later prune finds what an interrupted one left behind.
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

/** The killed runs that {@link prune} would clean up after now, with their claims. Changes nothing. */
export async function previewAbandoned(look: Look): Promise<ClaimsById> {
  const seen = { ...look, tally: new PruneTally() };
  const { abandoned, isNeeded } = await lookAtClaims(seen);
  return unneeded(seen, abandoned, isNeeded);
}

async function execute(task: PruneTask, tally: PruneTally): Promise<void> {
  const { store, plan } = task;
  const erases = task.pruneNoncurrent && task.versioning !== 'off';
  const steps: Steps = { ...task, tally, remover: new Remover(store, erases ? 'all-versions' : 'plain', tally) };

  refuseDependents(plan);
  const removed = await removeRecords(steps, doomedVersions(plan));
  const { claims, abandoned, isNeeded } = await lookAtClaims(steps);
  await removeData(steps, removed, claims, isNeeded);
  await removeAbandoned(steps, await unneeded(steps, abandoned, isNeeded));
  if (task.sweepsUploads) {
    await abortStaleUploads(steps, task.abandonedAfterMs ?? ABANDONED_AFTER_MS);
    await removeAbandoned(steps, await orphans(steps, claims, isNeeded));
  }
  if (erases) await removeHidden(steps, inUse(task, claims, isNeeded));
}

/** As killed runs that have no claim any more. */
async function orphans(
  { store, keys, plan, abandonedAfterMs = ABANDONED_AFTER_MS }: Steps,
  claims: readonly ListedClaim[],
  isNeeded: IsLeanedOn,
): Promise<ClaimsById> {
  const versions = versionsOf(plan);
  const numbers = new Set(versions.map(({ number }) => number));
  const ids = await orphanedIds(store, keys, {
    recorded: new Set(versions.map(({ id }) => id)),
    claimed: new Set(claims.map(({ number }) => number).filter((number) => !numbers.has(number))),
    madeBefore: new Date(store.now().getTime() - abandonedAfterMs),
  });
  return new Map(ids.filter((id) => !isNeeded(id)).map((id) => [id, []]));
}

/** As it was when the plan was made: what is visible by now is not hidden, and so is left alone. */
function inUse(
  { store, plan, abandonedAfterMs = ABANDONED_AFTER_MS }: PruneTask,
  claims: readonly ListedClaim[],
  isNeeded: IsLeanedOn,
): InUse {
  return {
    recorded: new Set(versionsOf(plan).map(({ number }) => number)),
    claims,
    isNeeded,
    hiddenBefore: new Date(store.now().getTime() - abandonedAfterMs),
  };
}

async function lookAtClaims(look: Look & { readonly tally: PruneTally }) {
  const { store, keys, plan, ownClaim, abandonedAfterMs = ABANDONED_AFTER_MS } = look;
  const claims = (await listClaims(store, keys)).filter(({ key }) => key !== ownClaim);
  const abandoned = abandonedClaims(claims, versionsOf(plan), store.now(), abandonedAfterMs);
  return { claims, abandoned, isNeeded: await neededByOthers(look, claims, abandoned) };
}

function versionsOf({ decisions }: RetentionPlan): VersionFacts[] {
  return decisions.map(({ version }) => version);
}

/** What is needed keeps its claim, by which a later prune finds it. */
function neededByOthers(
  { keys, plan, readClaim, tally }: Look & { readonly tally: PruneTally },
  claims: readonly ListedClaim[],
  abandoned: readonly ListedClaim[],
): Promise<IsLeanedOn> {
  const recorded = new Set(versionsOf(plan).map(({ number }) => number));
  const live = claims.filter((claim) => !recorded.has(claim.number) && !abandoned.includes(claim));
  return leanedOn(keys, live, readClaim, tally);
}

/** An incremental version needs data of older ones, and which ones is not known here. */
function refuseDependents(plan: RetentionPlan): void {
  const dependent = keptVersions(plan).find(({ type }) => type === 'incremental');
  if (dependent === undefined || doomedVersions(plan).length === 0) return;
  throw new BackupError(
    `Nothing was pruned: ${dependent.id} is incremental and may need older versions, which this release cannot tell.`,
    { class: 'permanent', operation: 'prune', hint: 'Prune this series with the release that made the version.' },
  );
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

async function removeData(
  steps: Steps,
  removed: readonly VersionFacts[],
  claims: readonly ListedClaim[],
  isNeeded: IsLeanedOn,
): Promise<void> {
  const free = removed.filter(({ id }) => !isNeeded(id));
  const numbers = new Set(free.map(({ number }) => number));
  const ofNumbers = claims.filter(({ number }) => numbers.has(number));
  const byId = await claimsById(steps.keys, ofNumbers, steps.readClaim, steps.tally);
  await removeLeftovers(
    steps,
    free.map(({ id }) => ({ id, claims: byId.get(id) ?? [] })),
  );
}

async function unneeded(
  { keys, readClaim, tally }: Pick<Steps, 'keys' | 'readClaim' | 'tally'>,
  abandoned: readonly ListedClaim[],
  isNeeded: IsLeanedOn,
): Promise<ClaimsById> {
  const byId = await claimsById(keys, abandoned, readClaim, tally);
  return new Map([...byId].filter(([id]) => !isNeeded(id)));
}
