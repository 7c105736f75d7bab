import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { parseVersionId } from './version-id.ts';

/** What speaks for data. */
export interface Spokesmen {
  /** IDs of the versions there are. */
  readonly recorded: ReadonlySet<string>;
  /** Numbers that have a claim and no version. */
  readonly claimed: ReadonlySet<number>;
  /** Data of versions made since may have a claim that was not there yet when the claims were listed. */
  readonly madeBefore: Date;
}

/**
 * IDs with data of which neither a record nor a claim speaks: a run so slow that a prune took it for killed, and deleted
 * its data and then its claim, may have written more before it noticed. One listing of the folders below `data/`.
 */
export async function orphanedIds(
  store: Pick<ObjectStore, 'listPrefixes'>,
  keys: SeriesKeys,
  { recorded, claimed, madeBefore }: Spokesmen,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const prefix of store.listPrefixes(keys.dataRoot)) {
    const id = prefix.slice(keys.dataRoot.length, -1);
    const parts = parseVersionId(id);
    if (parts?.series !== keys.location.series || parts.time >= madeBefore) continue;
    if (!recorded.has(id) && !claimed.has(parts.number)) ids.push(id);
  }
  return ids;
}
