import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ObjectStore } from '../store/object-store.ts';
import { fetchIndex, type LocalIndex } from './index-file.ts';
import type { SeriesKeys } from './keys.ts';
import type { VersionRecord } from './record.ts';
import { readRecord } from './records.ts';

/** A version whose entries can be read. */
export interface OpenVersion {
  readonly record: VersionRecord;
  /** To be closed. */
  readonly index: LocalIndex;
}

/**
 * Reads a version's record and fetches its index to this machine's disk.
 *
 * @param directory absolute; has to exist
 * @param known the record, where it was read before
 * @throws BackupError of class `not-found`; `permanent` for a version that is damaged
 */
export async function openVersion(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  id: string,
  directory: string,
  known?: VersionRecord,
): Promise<OpenVersion> {
  const record = known ?? (await readRecord(store, keys, id));
  const index = await fetchIndex(store, keys, record.index, join(directory, `index-${randomUUID()}`));
  return { record, index };
}
