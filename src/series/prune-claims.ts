import { isClass, isDamaged } from '../errors.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ListedClaim } from './catalogue.ts';
import { type Claim, parseClaim } from './claim.ts';
import type { SeriesKeys } from './keys.ts';
import type { PruneTally } from './prune-outcome.ts';
import { inParallel } from './prune-parallel.ts';
import { readDocument } from './read-document.ts';
import { parseVersionId } from './version-id.ts';

/** Default of `abandoned-after`: longer than any job lives (GitHub stops self-hosted jobs after five days). */
export const ABANDONED_AFTER_MS = 7 * 24 * 60 * 60 * 1000;

/** @returns undefined for a claim that is gone or is none this code can read; throws where the store fails */
export type ReadClaim = (key: ObjectKey) => Promise<Pick<Claim, 'id' | 'leansOn'> | undefined>;

/**
 * Reads claims from a store.
 * @param onUnusable is told of those that are there and say nothing this code can read
 */
export function claimReader(
  store: ObjectStore,
  onUnusable: (key: ObjectKey) => void = () => {},
): (key: ObjectKey) => Promise<Claim | undefined> {
  return async (key) => {
    try {
      return await readDocument(store, key, parseClaim);
    } catch (error) {
      if (isClass(error, 'not-found')) return undefined;
      if (!isUnusable(error)) throw error;
      onUnusable(key);
      return undefined;
    }
  };
}

/** Too large, without sense, or of a newer format. What the store refuses has its answer with it. */
function isUnusable(error: unknown): boolean {
  if (isDamaged(error)) return true;
  return isClass(error, 'permanent') && error.details.code === undefined && error.details.httpStatus === undefined;
}

/** The claims of each version ID. */
export type ClaimsById = ReadonlyMap<string, readonly ObjectKey[]>;

/**
 * The claims of runs that were killed: older than the age, and without a record of their number. A claim whose number
 * has a record counts as that version's, for as long as it is there. An attempt that goes on with a claim keeps the
 * claims of those before it young: their data may be its own.
 *
 * @param now the store's clock, as the claims' times are
 */
export function abandonedClaims(
  claims: readonly ListedClaim[],
  versions: readonly { readonly number: number }[],
  now: Date,
  abandonedAfterMs: number,
): ListedClaim[] {
  const recorded = new Set(versions.map(({ number }) => number));
  const latest = new Map<number, number>();
  for (const { number, turn, lastModified } of claims) {
    if (turn !== undefined) latest.set(number, Math.max(latest.get(number) ?? 0, lastModified.getTime()));
  }
  return claims.filter(({ number, lastModified }) => {
    const time = Math.max(lastModified.getTime(), latest.get(number) ?? 0);
    return !recorded.has(number) && now.getTime() - time > abandonedAfterMs;
  });
}

/**
 * The claims of later attempts at versions that are removed, now or by a prune before. Such an attempt may still be at
 * work though an earlier one, taken for dead, had made the version: it finds no record any more, so it commits the version
 * again, out of the data of both.
 */
export function laterAttempts(
  claims: readonly ListedClaim[],
  removed: readonly { readonly number: number }[],
  now: Date,
  abandonedAfterMs: number,
): ListedClaim[] {
  const numbers = new Set(removed.map(({ number }) => number));
  return claims.filter(
    ({ number, turn = 1, lastModified }) =>
      turn > 1 && numbers.has(number) && now.getTime() - lastModified.getTime() <= abandonedAfterMs,
  );
}

/** Tells of a version whether a run that is still at work may need its data. */
export type IsLeanedOn = (id: string) => boolean;

/**
 * What runs still at work lean on. A writer writes its claim and then looks at its base's record; a pruner deletes the
 * record and then comes here: one of the two sees the other.
 *
 * @param live claims that have no record and are not abandoned
 * @returns true for every version where one of the claims cannot be read: nobody knows what it leans on
 */
export async function leanedOn(
  keys: SeriesKeys,
  live: readonly ListedClaim[],
  readClaim: ReadClaim,
  tally: PruneTally,
): Promise<IsLeanedOn> {
  const claims = await inParallel(live, (claim) => readClaim(keys.claim(claim)));
  const ids = new Set(claims.flatMap((claim) => claim?.leansOn ?? []));
  const unread = live.filter((_, index) => claims[index] === undefined);
  for (const claim of unread) tally.warnings.push(holding(keys.claim(claim)));
  return unread.length > 0 ? () => true : (id) => ids.has(id);
}

function holding(subject: string) {
  return {
    kind: 'unreadable-live-claim',
    message:
      'A young claim could not be read, and what its run leans on is not known, so no data was deleted; a later prune does it.',
    subject,
  };
}

/**
 * Reads claims to learn whose they are. What they say is trusted only as far as the ID is one of this series and of
 * the number in the key; others are left alone with a warning.
 */
export async function claimsById(
  keys: SeriesKeys,
  claims: readonly ListedClaim[],
  readClaim: ReadClaim,
  tally: PruneTally,
): Promise<ClaimsById> {
  const byId = new Map<string, ObjectKey[]>();
  await inParallel(claims, async (claim) => {
    const key = keys.claim(claim);
    const id = (await readClaim(key))?.id;
    if (id === undefined || !isIdOf(keys, id, claim.number)) tally.warnings.push(unreadable(key));
    else byId.set(id, [...(byId.get(id) ?? []), key]);
  });
  return byId;
}

function isIdOf(keys: SeriesKeys, id: string, number: number): boolean {
  const parts = parseVersionId(id);
  return parts?.series === keys.location.series && parts.number === number;
}

function unreadable(subject: string) {
  return {
    kind: 'unreadable-claim',
    message: 'A claim could not be read, so it and what it may stand for were left alone by the prune.',
    subject,
  };
}
