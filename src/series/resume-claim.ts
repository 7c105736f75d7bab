import { type BackupError, isClass } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore, PutOptions } from '../store/object-store.ts';
import { type ListedClaim, latestTurns, listVersions } from './catalogue.ts';
import type { Claim } from './claim.ts';
import type { ClaimPorts, OwnedClaim } from './claim-number.ts';
import { UNHEARD } from './commit.ts';
import { createClaim } from './create-claim.ts';
import { FORMAT } from './json.ts';
import type { SeriesKeys } from './keys.ts';
import type { RunInfo } from './model.ts';
import { claimReader } from './prune-claims.ts';
import { parseVersionId, type VersionIdParts } from './version-id.ts';

/** Claims to look into for one's own; each costs a request, and only later attempts at a run look. */
export const MAX_CLAIMS_READ = 32;

/** A claim without a version, of an attempt that is over. */
export interface OpenClaim {
  readonly claim: Claim;
  readonly version: VersionIdParts;
  /** Of the latest attempt at it: 1, 2 … */
  readonly turn: number;
  /** When that one began, by the store's clock. */
  readonly lastModified: Date;
}

/**
 * Looks for the claim of an earlier attempt. Only numbers after the newest version count: a version of an older number
 * would be behind it from the beginning, and a policy might remove it at once.
 *
 * @param isOwn whether the claim is of an attempt that this one goes on with, and that is over
 * @param onUnreadable is told of a claim that may be one's own for all that can be read of it
 * @returns the newest; undefined where there is none, and in a store without conditional writes, where the record of a
 *   number could be written by two
 */
export async function findOpenClaim(
  store: ObjectStore,
  keys: SeriesKeys,
  { versions, claims }: { readonly versions: readonly VersionFacts[]; readonly claims: readonly ListedClaim[] },
  isOwn: (claim: Claim) => boolean,
  onUnreadable?: (key: ObjectKey) => void,
): Promise<OpenClaim | undefined> {
  if (claims.some(({ nonce }) => nonce !== undefined)) return undefined;
  const newest = versions.at(-1)?.number ?? 0;
  const read = claimReader(store, onUnreadable);
  const candidates = latestTurns(claims.filter(({ number }) => number > newest)).sort((a, b) => b.number - a.number);
  for (const listed of candidates.slice(0, MAX_CLAIMS_READ)) {
    const { number, turn = 1, lastModified } = listed;
    const claim = await read(keys.claim(listed));
    const version = claim && parseVersionId(claim.id);
    const isOfKey = version?.series === keys.location.series && version.number === number && claim?.number === number;
    if (claim !== undefined && isOfKey && isOwn(claim)) return { claim, version, turn, lastModified };
  }
  return undefined;
}

export interface ResumeRequest {
  readonly run: RunInfo;
  readonly leansOn: readonly string[];
  readonly conditionalWritesKnown: boolean;
  /** After so long a prune takes the earlier attempt for dead, and removes what it stored. */
  readonly abandonedAfterMs: number;
  /** Attributes of the claim object, tags included. */
  readonly attributes: PutOptions;
}

/**
 * Goes on with a claim: takes the next turn of its number, which one attempt alone can have. What this one stores goes
 * below a prefix of that turn, so that nothing the earlier one stored is ever replaced, be it alive or not; which of them
 * makes the version is decided by the record, as between any two writers of one.
 *
 * @returns undefined where another attempt has that turn, where the version is there by now or a newer one is, where a
 *   prune may be at the data already, or the store has no conditional writes: then another number has to be taken
 */
export async function resumeClaim(
  store: ObjectStore,
  keys: SeriesKeys,
  { claim: earlier, version, turn: last, lastModified }: OpenClaim,
  { run, leansOn, conditionalWritesKnown, abandonedAfterMs, attributes }: ResumeRequest,
  ports: ClaimPorts,
): Promise<OwnedClaim | undefined> {
  const { id, number, form } = earlier;
  const turn = last + 1;
  const key = keys.claim({ number, turn });
  const claim: Claim = { format: FORMAT, id, number, nonce: ports.nonce(), run, leansOn, ...(form && { form }) };
  const since = store.now();
  const isOld = () => store.now().getTime() - lastModified.getTime() >= abandonedAfterMs / 2;
  // Before as well: a turn that is given up at once would be left for a prune.
  if (isOld()) return undefined;
  const creation = await createClaim(store, { key, claim, attributes, conditionalWritesKnown }, ports);
  if (creation === 'taken' || creation === 'unsupported') return undefined;
  // And now: whoever lists the claims from here on sees this one, which keeps the data of all attempts.
  if (isOld()) return undefined;
  const versions = await listVersions(store, keys);
  if (versions.some((other) => other.number >= number)) return undefined;
  const { time } = version;
  return { claim, time, key, stored: creation.owned, conditionalWrites: true, versions, resumed: { turn, since } };
}

/**
 * Whether a commit failed for what the next number mends: another attempt at the same version was first, or it cannot be
 * told whether this one was.
 */
export function isOvertaken(error: unknown, { resumed }: Pick<OwnedClaim, 'resumed'>): error is BackupError {
  return isClass(error, 'lost-race') && (resumed !== undefined || error.details.code === UNHEARD);
}
