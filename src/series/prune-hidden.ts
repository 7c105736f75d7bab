import type { ObjectKey } from '../store/object-key.ts';
import { objectKey } from '../store/object-key.ts';
import type { ListedVersion } from '../store/object-store.ts';
import type { ListedClaim } from './catalogue.ts';
import type { IsLeanedOn } from './prune-claims.ts';
import { type LeftoverPorts, removeData } from './prune-leftovers.ts';
import { inParallel } from './prune-parallel.ts';
import { formatVersionId, parseVersionId, type VersionIdParts } from './version-id.ts';

/** What is in use, and when something counts as hidden for good. */
export interface InUse {
  /** Numbers of the versions there are. */
  readonly recorded: ReadonlySet<number>;
  readonly claims: readonly ListedClaim[];
  readonly isNeeded: IsLeanedOn;
  /** Delete markers set before it. Younger ones leave time to undo what was hidden by mistake, or by a thief. */
  readonly hiddenBefore: Date;
}

/**
 * Erases what earlier prunes only hid, in a versioned bucket: data below an ID of which nothing is to be seen any more
 * (no record, no claim, not one object), then records, claims and pins under delete markers. An ID with a single object
 * in sight was hidden by somebody else, who may want it back.
 */
export async function removeHidden(ports: LeftoverPorts, inUse: InUse): Promise<void> {
  const { keys, tally } = ports;
  const withData = await idsWithData(ports);
  const taken = new Set([...inUse.recorded, ...inUse.claims.map(({ number }) => number)]);
  const free = withData.filter(({ number }) => !taken.has(number)).map(formatVersionId);
  const candidates = free.filter((id) => !inUse.isNeeded(id));
  const isGone = await inParallel(candidates, async (id) => {
    const hidden = await isAllHidden(ports, keys.dataPrefix(id), inUse.hiddenBefore);
    return hidden && (await removeData(ports, id));
  });
  const erased = candidates.filter((_, index) => isGone[index]);
  tally.erased.push(...erased);
  const gone = new Set(erased);
  const left = new Set(withData.map(formatVersionId).filter((id) => !gone.has(id)));
  await removeHiddenDocuments(ports, inUse, (id) => !left.has(id));
}

/** IDs of the series with data, hidden or not. */
async function idsWithData({ store, keys }: LeftoverPorts): Promise<VersionIdParts[]> {
  const ids: VersionIdParts[] = [];
  for await (const prefix of store.listVersionPrefixes(keys.dataRoot)) {
    const parts = parseVersionId(prefix.slice(keys.dataRoot.length, -1));
    if (parts?.series === keys.location.series) ids.push(parts);
  }
  return ids;
}

async function isAllHidden({ store }: LeftoverPorts, prefix: string, before: Date): Promise<boolean> {
  for await (const version of store.listVersions(prefix)) {
    if (version.isLatest && !isHidden(version, before)) return false;
  }
  return true;
}

function isHidden({ isDeleteMarker, lastModified }: ListedVersion, before: Date): boolean {
  return isDeleteMarker && lastModified < before;
}

/** The record of an ID whose data is still there stays as well: by it a version can be brought back. */
async function removeHiddenDocuments(
  ports: LeftoverPorts,
  { hiddenBefore }: InUse,
  isFree: (id: string) => boolean,
): Promise<void> {
  const { keys, remover, tally } = ports;
  const kinds: readonly (readonly [prefix: string, isOurs: (key: string) => boolean])[] = [
    [keys.versionsPrefix, (key) => keys.parseRecord(key) !== undefined && isFree(idOf(key, keys.versionsPrefix))],
    [keys.claimsPrefix, (key) => keys.parseClaim(key) !== undefined],
    [keys.pinsPrefix, (key) => keys.parsePin(key) !== undefined],
  ];
  for (const [prefix, isOurs] of kinds) {
    const hidden: ObjectKey[] = [];
    for await (const version of ports.store.listVersions(prefix)) {
      const { key, isLatest } = version;
      if (isLatest && isHidden(version, hiddenBefore) && isOurs(key)) hidden.push(objectKey(key));
    }
    if (hidden.length > 0) await remover.removeKeys(prefix, hidden, (failure) => tally.refused(failure));
  }
}

function idOf(key: string, prefix: string): string {
  return key.slice(prefix.length, -'.json'.length);
}
