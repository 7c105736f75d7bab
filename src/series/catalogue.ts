import { BackupError } from '../errors.ts';
import type { Pin, VersionFacts } from '../retention/types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { formatVersionId, MAX_NUMBER } from './version-id.ts';

/** A claim as the listing shows it; its body is read only where needed. */
export interface ListedClaim {
  readonly key: string;
  readonly number: number;
  /** Of an attempt that goes on with an earlier one's claim. */
  readonly turn?: number;
  /** Only in stores without conditional writes. */
  readonly nonce?: string;
  /** The store's clock. */
  readonly lastModified: Date;
}

/**
 * The whole catalogue: number, type and time are in the keys, so this is one LIST per 1,000 versions.
 * @returns ascending by number
 */
export async function listVersions(store: Pick<ObjectStore, 'list'>, keys: SeriesKeys): Promise<VersionFacts[]> {
  const versions: VersionFacts[] = [];
  for await (const { key } of store.list(keys.versionsPrefix)) {
    const parts = keys.parseRecord(key);
    if (parts === undefined) continue;
    versions.push({ id: formatVersionId(parts), number: parts.number, type: parts.type, time: parts.time });
  }
  return versions.sort((a, b) => a.number - b.number);
}

export async function listClaims(store: ObjectStore, keys: SeriesKeys): Promise<ListedClaim[]> {
  const claims: ListedClaim[] = [];
  for await (const { key, lastModified } of store.list(keys.claimsPrefix)) {
    const parts = keys.parseClaim(key);
    if (parts !== undefined) claims.push({ key, lastModified, ...parts });
  }
  return claims;
}

/** The claims without those that a later attempt goes on with. */
export function latestTurns(claims: readonly ListedClaim[]): ListedClaim[] {
  const latest = new Map<string, ListedClaim>();
  for (const claim of claims) {
    const owner = `${claim.number} ${claim.nonce ?? ''}`;
    if ((claim.turn ?? 1) >= (latest.get(owner)?.turn ?? 1)) latest.set(owner, claim);
  }
  return [...latest.values()];
}

export async function listPins(store: ObjectStore, keys: SeriesKeys): Promise<Pin[]> {
  const pins: Pin[] = [];
  for await (const { key } of store.list(keys.pinsPrefix)) {
    const number = keys.parsePin(key);
    if (number !== undefined) pins.push({ number });
  }
  return pins;
}

/**
 * One more than every number that was ever taken and not pruned; the newest version is never pruned.
 * @throws BackupError of class `permanent` where somebody has put the last possible number into the bucket
 */
export function nextNumber(versions: readonly VersionFacts[], claims: readonly ListedClaim[]): number {
  const highest = [...versions, ...claims].reduce((so, { number }) => Math.max(so, number), 0);
  if (highest < MAX_NUMBER) return highest + 1;
  throw new BackupError(`The series has a claim or version of number ${highest}, after which none is left.`, {
    class: 'permanent',
    operation: 'claim a number',
    hint: 'No run makes such numbers: find out who wrote it, then delete it.',
  });
}
