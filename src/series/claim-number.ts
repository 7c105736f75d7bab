import { BackupError } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore, PutOptions, StoredObject } from '../store/object-store.ts';
import { CONFLICT_RETRY, type RetryPorts, retry } from '../store/retry.ts';
import { type ListedClaim, listClaims, listVersions, nextNumber } from './catalogue.ts';
import { type Claim, encodeClaim } from './claim.ts';
import { createClaim } from './create-claim.ts';
import { FORMAT } from './json.ts';
import type { SeriesKeys } from './keys.ts';
import type { RunInfo, VersionType } from './model.ts';
import { formatVersionId } from './version-id.ts';

/** Numbers to try before giving up; each costs one request. Runs that start at once take neighbouring numbers. */
export const MAX_CLAIM_ATTEMPTS = 200;

export interface ClaimRequest {
  readonly type: VersionType;
  readonly run: RunInfo;
  readonly leansOn: readonly string[];
  /** As in {@link Claim}. */
  readonly form?: string;
  /** The catalogue as it was just listed. */
  readonly versions: readonly VersionFacts[];
  readonly claims: readonly ListedClaim[];
  /** True where conditional writes are documented (Amazon S3); elsewhere they are tried out once. */
  readonly conditionalWritesKnown: boolean;
  /** Attributes of the claim object, tags included. */
  readonly attributes: (id: string, number: number) => PutOptions;
}

export interface ClaimPorts extends RetryPorts {
  /** 32 hex digits. */
  readonly nonce: () => string;
}

export interface OwnedClaim extends ClaimedNumber {
  /** The catalogue as it is with the claim in place, ascending. */
  readonly versions: readonly VersionFacts[];
}

/** An attempt that is not the first at its version. */
export interface ResumedTurn {
  /** 2, 3 … */
  readonly turn: number;
  /** The store's clock when it began. */
  readonly since: Date;
}

interface ClaimedNumber {
  readonly claim: Claim;
  readonly key: ObjectKey;
  readonly stored: StoredObject;
  /** The store's clock, whole seconds; the instant in the ID. */
  readonly time: Date;
  /** False: the record has to be written without a condition too, and concurrent runs need a `concurrency:` group. */
  readonly conditionalWrites: boolean;
  /** Present where it is an earlier attempt's number that this one goes on with. */
  readonly resumed?: ResumedTurn;
}

/**
 * Takes the next free number of a series for this run.
 *
 * With conditional writes the claim's key is the number, created with `If-None-Match: *`: one writer wins, the others
 * go on to the next number. Without them every claim has a key of its own; see {@link claimByListing}.
 *
 * @throws BackupError of class `conflict` when no number could be had
 */
export async function claimNumber(
  store: ObjectStore,
  keys: SeriesKeys,
  request: ClaimRequest,
  ports: ClaimPorts,
): Promise<OwnedClaim> {
  for (let attempt = 0, known = request; attempt < MAX_CLAIM_ATTEMPTS; attempt++) {
    const owned = await claimOnce(store, keys, known, ports);
    const versions = await listVersions(store, keys);
    if (isInOrder(owned, versions)) return { ...owned, versions };
    known = { ...known, versions };
  }
  throw noNumber(keys);
}

/**
 * Since the catalogue was read, others may have committed newer versions and pruned one, whose number was free again by
 * that. It shows by a version of a higher number that was claimed earlier; those claimed later only overtook us.
 */
function isInOrder({ claim, time }: ClaimedNumber, versions: readonly VersionFacts[]): boolean {
  return versions.every((version) => version.number < claim.number || version.time > time);
}

async function claimOnce(
  store: ObjectStore,
  keys: SeriesKeys,
  request: ClaimRequest,
  ports: ClaimPorts,
): Promise<ClaimedNumber> {
  // A store that once lacked conditional writes shows it by the keys of its claims: no need to try again.
  const knownWithout = request.claims.some((claim) => claim.nonce !== undefined);
  const owned = knownWithout ? undefined : await claimByCondition(store, keys, request, ports);
  return owned ?? claimByListing(store, keys, request, ports);
}

/** @returns undefined if the store refuses or ignores the condition */
async function claimByCondition(
  store: ObjectStore,
  keys: SeriesKeys,
  request: ClaimRequest,
  ports: ClaimPorts,
): Promise<ClaimedNumber | undefined> {
  let number = nextNumber(request.versions, request.claims);
  for (let attempt = 0; attempt < MAX_CLAIM_ATTEMPTS; attempt++, number++) {
    const { claim, time, attributes } = draftClaim(store, keys, request, number, ports.nonce());
    const key = keys.claim({ number });
    const { conditionalWritesKnown } = request;
    const creation = await createClaim(store, { key, claim, attributes, conditionalWritesKnown }, ports);
    if (creation === 'unsupported') return undefined;
    if (creation !== 'taken') return { claim, time, key, stored: creation.owned, conditionalWrites: true };
  }
  throw noNumber(keys);
}

/**
 * Without conditional writes: write a claim under a key of its own, then list the claims of the number. The number is
 * ours only if every rival's claim is younger by the store's clock. Of two writers that see each other at most one is
 * older; a writer that saw nobody wrote its claim before any rival did; at the same second both give way.
 */
async function claimByListing(
  store: ObjectStore,
  keys: SeriesKeys,
  request: ClaimRequest,
  ports: ClaimPorts,
): Promise<ClaimedNumber> {
  let number = nextNumber(request.versions, request.claims);
  for (let attempt = 0; attempt < MAX_CLAIM_ATTEMPTS; attempt++) {
    const nonce = ports.nonce();
    const { claim, time, attributes } = draftClaim(store, keys, request, number, nonce);
    const key = keys.claim({ number, nonce });
    const stored = await retry(() => store.put(key, encodeClaim(claim), attributes), ports, CONFLICT_RETRY);
    const rivals = (await listClaims(store, keys)).filter((claim) => claim.nonce !== undefined);
    if (isOldest(key, number, rivals)) return { claim, time, key, stored, conditionalWrites: false };
    // A random step keeps two writers that always see each other from meeting again at the next number.
    number = nextNumber(request.versions, rivals) + Math.floor(ports.random() * 3);
  }
  throw noNumber(keys);
}

function isOldest(key: string, number: number, claims: readonly ListedClaim[]): boolean {
  const mine = claims.find((claim) => claim.key === key);
  return (
    mine !== undefined &&
    claims.every((rival) => rival === mine || rival.number !== number || rival.lastModified > mine.lastModified)
  );
}

function draftClaim(store: ObjectStore, keys: SeriesKeys, request: ClaimRequest, number: number, nonce: string) {
  const time = new Date(Math.floor(store.now().getTime() / 1000) * 1000);
  const id = formatVersionId({ series: keys.location.series, type: request.type, time, number });
  const { run, leansOn, form } = request;
  const claim: Claim = { format: FORMAT, id, number, nonce, run, leansOn, ...(form && { form }) };
  return { claim, time, attributes: request.attributes(id, number) };
}

function noNumber(keys: SeriesKeys): BackupError {
  return new BackupError(`No free version number was found in ${MAX_CLAIM_ATTEMPTS} tries; too many runs at once.`, {
    class: 'conflict',
    operation: 'claim a number',
    key: keys.claimsPrefix,
    attempts: MAX_CLAIM_ATTEMPTS,
    hint: 'See that few runs of a series are under way at once (in a workflow by a `concurrency:` group), then run it again.',
  });
}
