import type { VersionFacts } from '../retention/types.ts';
import { exists } from '../store/exists.ts';
import type { ListedVersion, ObjectStore } from '../store/object-store.ts';
import type { ListedClaim } from './catalogue.ts';
import type { SeriesKeys } from './keys.ts';
import { ABANDONED_AFTER_MS } from './prune-claims.ts';
import { type Lineage, readLineage } from './prune-lineage.ts';
import type { PruneTally } from './prune-outcome.ts';
import { inParallel } from './prune-parallel.ts';
import { formatVersionId } from './version-id.ts';

/** A version whose record is there, under a delete marker. */
export interface HiddenVersion extends VersionFacts {
  /** Version ID of the record itself. */
  readonly recordVersion: string;
  readonly marker: Pick<ListedVersion, 'versionId' | 'lastModified'>;
}

export interface HiddenPorts {
  readonly store: ObjectStore;
  readonly keys: SeriesKeys;
  readonly tally: PruneTally;
  /** Default {@link ABANDONED_AFTER_MS}. */
  readonly abandonedAfterMs?: number;
}

/** What was hidden later can still be brought back. */
export function hiddenBefore(store: Pick<ObjectStore, 'now'>, abandonedAfterMs = ABANDONED_AFTER_MS): Date {
  return new Date(store.now().getTime() - abandonedAfterMs);
}

/**
 * The versions whose records were hidden a short while ago. A mistake or a thief may have done it as well as a prune, so
 * where data is erased they count as there: by its record such a version comes back whole. What was hidden earlier is
 * hidden for good.
 */
export async function hiddenVersions({ store, keys, abandonedAfterMs }: HiddenPorts): Promise<HiddenVersion[]> {
  const since = hiddenBefore(store, abandonedAfterMs);
  const markers = new Map<string, ListedVersion>();
  const records = new Map<string, ListedVersion>();
  for await (const version of store.listVersions(keys.versionsPrefix)) {
    const { key, isLatest, isDeleteMarker, lastModified } = version;
    if (isDeleteMarker && isLatest && lastModified >= since) markers.set(key, version);
    // Newest first.
    if (!isDeleteMarker && !isLatest && !records.has(key)) records.set(key, version);
  }
  return [...markers].flatMap(([key, marker]) => {
    const [record, parts] = [records.get(key), keys.parseRecord(key)];
    if (record === undefined || parts === undefined) return [];
    const { number, type, time } = parts;
    return [{ id: formatVersionId(parts), number, type, time, recordVersion: record.versionId, marker }];
  });
}

/** What is there and what is hidden, together. */
export async function withHidden(
  lineage: Lineage,
  hidden: readonly HiddenVersion[],
  { store, keys, tally }: HiddenPorts,
): Promise<Lineage> {
  const versions = new Map<string, string>(hidden.map(({ id, recordVersion }) => [keys.record(id), recordVersion]));
  const reader: Pick<ObjectStore, 'get'> = {
    get: (key, options) => {
      const versionId = versions.get(key);
      return store.get(key, { ...options, ...(versionId !== undefined && { versionId }) });
    },
  };
  const { leanings, unreadable } = await readLineage(reader, keys, hidden, tally);
  return {
    leanings: new Map([...lineage.leanings, ...leanings]),
    unreadable: new Set([...lineage.unreadable, ...unreadable]),
  };
}

/**
 * Warns of those whose index is to be seen: nobody leans on an index, so a prune that had hidden the record would have
 * hidden it as well, but where it was interrupted.
 */
export async function warnOfHidden(
  { store, keys, tally }: HiddenPorts,
  hidden: readonly HiddenVersion[],
  claims: readonly ListedClaim[],
): Promise<void> {
  await inParallel(hidden, async ({ id, number, marker }) => {
    const later = claims.filter((claim) => claim.number === number).map(({ turn = 1 }) => turn);
    for (const turn of new Set([1, ...later])) {
      if (!(await exists(store, keys.index(id, turn)))) continue;
      tally.warnings.push(hiddenRecord(keys.record(id), marker));
      return;
    }
  });
}

function hiddenRecord(key: string, { versionId, lastModified }: HiddenVersion['marker']) {
  return {
    kind: 'hidden-record',
    message:
      'The record of a version is hidden by a delete marker though its data is not, so none of the version was erased. ' +
      'To bring it back delete the marker, by its version ID; once that is older than `abandoned-after` a prune erases ' +
      'the version.',
    subject: `${key}, hidden on ${lastModified.toISOString()} by ${versionId}`,
  };
}
