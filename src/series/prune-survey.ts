import type { RetentionPlan, VersionFacts } from '../retention/types.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type ListedClaim, listClaims } from './catalogue.ts';
import type { SeriesKeys } from './keys.ts';
import {
  ABANDONED_AFTER_MS,
  abandonedClaims,
  type ClaimsById,
  claimsById,
  type IsLeanedOn,
  laterAttempts,
  leanedOn,
  type ReadClaim,
} from './prune-claims.ts';
import { type Lineage, prunedBases, readLineage } from './prune-lineage.ts';
import { Needs } from './prune-needs.ts';
import { orphanedIds } from './prune-orphans.ts';
import type { PruneTally } from './prune-outcome.ts';
import { inParallel } from './prune-parallel.ts';
import { versionIdOf } from './version-id.ts';

/** What is left of a version without a record, and may go: data below its ID, and the claims that name it. */
export interface Leftover {
  readonly id: string;
  readonly claims: readonly ObjectKey[];
  /** `removed` just now; `base`: removed before, and kept until now by what leaned on it; `abandoned` by a killed run. */
  readonly kind: 'removed' | 'base' | 'abandoned';
}

export interface Survey {
  /** All but that of the run that prunes. */
  readonly claims: readonly ListedClaim[];
  /** By runs at work or by versions that stay. */
  readonly isNeeded: IsLeanedOn;
  readonly leftovers: readonly Leftover[];
  /** Of the leftovers; to be closed. */
  readonly needs: Needs;
}

/** What it takes to look around, and no more. */
export interface Look {
  readonly store: ObjectStore;
  readonly keys: SeriesKeys;
  /** What is locked is kept by it, see `withHolds`. */
  readonly plan: RetentionPlan;
  readonly readClaim: ReadClaim;
  /** Absolute; for what memory does not hold. */
  readonly temporaryDirectory: string;
  /** ID of a version of the plan that a preview speaks of before it is made: it has no record to be read. */
  readonly planned?: string;
  /** The claim of the run that prunes: never touched. */
  readonly ownClaim?: ObjectKey;
  /** Default {@link ABANDONED_AFTER_MS}. */
  readonly abandonedAfterMs?: number;
  /** Versions that count as there though their records are hidden, see `hiddenVersions`; where data is only hidden: none. */
  readonly hidden?: readonly VersionFacts[];
  readonly tally: PruneTally;
}

/**
 * Finds out what is left of versions that have no record, and what of that is still needed: by versions that stay, which
 * their indexes tell object by object, or by runs at work, whose claims protect all data of what they name.
 *
 * @param removed versions of the plan whose records are gone; in a preview those that are to go
 * @param known the lineage, where it was read before the records went; without any record gone it is read when needed
 */
export async function survey(look: Look, removed: readonly VersionFacts[], known?: Lineage): Promise<Survey> {
  const { store, keys, tally } = look;
  const versions = versionsOf(look.plan);
  const claims = (await listClaims(store, keys)).filter(({ key }) => key !== look.ownClaim);
  const recordless = without(claims, versions);
  const lineage = known ?? (await readLineage(store, keys, recordless.length > 0 ? recordedOf(look) : [], tally));
  const hidden = look.hidden ?? [];
  const isHidden = new Set(hidden.map(({ id }) => id));
  const bases = prunedBases(lineage, [...versions, ...hidden]);
  const gone = [...removed, ...[...bases].map((id) => ({ id, number: versionIdOf(id).number }))];
  const later = laterAttempts(claims, gone, store.now(), look.abandonedAfterMs ?? ABANDONED_AFTER_MS);
  const { isNeeded, abandoned, ofBases } = await sortClaims(look, recordless, later, bases);
  const numbers = new Set(later.map(({ number }) => number));
  const contested = new Set(gone.filter(({ number }) => numbers.has(number)).map(({ id }) => id));
  const ofRemoved = await claimsById(keys, without(claims, versions, removed), look.readClaim, tally);
  const found: Leftover[] = [
    ...removed.map(({ id }) => ({ id, claims: ofRemoved.get(id) ?? [], kind: 'removed' as const })),
    ...[...bases].map((id) => ({ id, claims: ofBases.get(id) ?? [], kind: 'base' as const })),
    ...(await ofKilledRuns(look, abandoned, newestOf(versions))),
  ].filter(({ id }) => !isNeeded(id) && !contested.has(id) && !isHidden.has(id));
  const doomed = new Set(removed.map(({ id }) => id));
  const stay = new Set([...versions, ...hidden].map(({ id }) => id).filter((id) => !doomed.has(id)));
  const needs = await Needs.read(new Set(found.map(({ id }) => id)), stay, lineage, look);
  return {
    claims,
    isNeeded: (id) =>
      isNeeded(id) || contested.has(id) || isHidden.has(id) || bases.has(id) || lineage.unreadable.size > 0,
    leftovers: found.filter(({ id }) => !needs.whole.has(id)),
    needs,
  };
}

function newestOf(versions: readonly VersionFacts[]): number {
  return versions.reduce((newest, { number }) => Math.max(newest, number), 0);
}

/**
 * A claim above the newest version, which is never removed, stays when its data go: it keeps its number from being taken
 * again. Otherwise a slower prune that has seen it too would delete, under the same key, the claim of the next owner.
 * Keys with a nonce are nobody else's.
 */
async function ofKilledRuns(
  { store, keys }: Pick<Look, 'store' | 'keys'>,
  abandoned: ClaimsById,
  newest: number,
): Promise<Leftover[]> {
  const kind = 'abandoned';
  const found = await inParallel([...abandoned], async ([id, claims]): Promise<Leftover | undefined> => {
    const isTaken = versionIdOf(id).number < newest || claims.every((key) => keys.parseClaim(key)?.nonce !== undefined);
    if (isTaken) return { id, claims, kind };
    return (await isEmpty(store, keys.dataPrefix(id))) ? undefined : { id, claims: [], kind };
  });
  return found.filter((leftover) => leftover !== undefined);
}

async function isEmpty(store: Pick<ObjectStore, 'list'>, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return false;
  return true;
}

/** As killed runs that have no claim any more; what is leaned on is none of them, whatever became of its claim. */
export async function orphans(
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

/** Before the first record goes: a doomed version tells what may be needed by nobody afterwards. */
export function lineageOf(look: Look): Promise<Lineage> {
  return readLineage(look.store, look.keys, recordedOf(look), look.tally);
}

export function versionsOf({ decisions }: RetentionPlan): VersionFacts[] {
  return decisions.map(({ version }) => version);
}

/** The versions whose records are there, or were when the prune began. */
export function recordedOf({ plan, planned }: Pick<Look, 'plan' | 'planned'>): VersionFacts[] {
  return versionsOf(plan).filter(({ id }) => id !== planned);
}

/** The claims whose number no version has; with `only`, those of the numbers of these versions. */
function without(
  claims: readonly ListedClaim[],
  versions: readonly VersionFacts[],
  only?: readonly VersionFacts[],
): ListedClaim[] {
  const numbers = new Set((only ?? versions).map(({ number }) => number));
  return claims.filter(({ number }) => numbers.has(number) === (only !== undefined));
}

interface SortedClaims {
  /** By runs at work. */
  readonly isNeeded: IsLeanedOn;
  readonly abandoned: ClaimsById;
  readonly ofBases: ClaimsById;
}

/**
 * A claim without a record is that of a run at work, of a killed run, or of a version that was pruned and of which others
 * need something: those are known by what leans on them, whatever their age.
 *
 * @param later of attempts at versions that are removed, now or before, which may still be at work
 */
async function sortClaims(
  { store, keys, readClaim, tally, abandonedAfterMs = ABANDONED_AFTER_MS, plan }: Look,
  recordless: readonly ListedClaim[],
  later: readonly ListedClaim[],
  bases: ReadonlySet<string>,
): Promise<SortedClaims> {
  const aged = new Set(abandonedClaims(recordless, versionsOf(plan), store.now(), abandonedAfterMs));
  const bodies = new Map<string, Awaited<ReturnType<ReadClaim>>>();
  const readOnce: ReadClaim = async (key) => {
    if (!bodies.has(key)) bodies.set(key, await readClaim(key));
    return bodies.get(key);
  };
  if (bases.size > 0) await inParallel(recordless, (claim) => readOnce(keys.claim(claim)));
  const isOfBase = (claim: ListedClaim) => bases.has(bodies.get(keys.claim(claim))?.id ?? '');
  const others = recordless.filter((claim) => !isOfBase(claim));
  const live = [...others.filter((claim) => !aged.has(claim)), ...later];
  const abandoned = others.filter((claim) => aged.has(claim));
  return {
    isNeeded: await leanedOn(keys, live, readOnce, tally),
    abandoned: await claimsById(keys, abandoned, readOnce, tally),
    ofBases: await claimsById(keys, recordless.filter(isOfBase), readOnce, tally),
  };
}
