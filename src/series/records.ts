import { BackupError, DAMAGED, isClass, messageOf } from '../errors.ts';
import type { Warning } from '../log.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { readDocument } from './read-document.ts';
import { digestProblem, parseRecord, type VersionRecord } from './record.ts';

/** Records that are read at once where many are looked through. */
export const RECORDS_AT_ONCE = 32;

/** A version in whose record was looked. */
export interface ReadVersion {
  readonly version: VersionFacts;
  readonly record: VersionRecord;
}

type Reader = Pick<ObjectStore, 'get'>;

/**
 * What is wrong may have come about on the way: then it is read once more.
 * @throws BackupError of class `not-found`; with code {@link DAMAGED} for what is not the record of this version, or not
 *   what its digest of itself says
 */
export function readRecord(store: Reader, keys: SeriesKeys, id: string): Promise<VersionRecord> {
  return readDocument(store, keys.record(id), (bytes, key) => {
    const record = parseRecord(bytes, key, id);
    const problem = digestProblem(bytes);
    if (problem === undefined) return record;
    throw new BackupError(`The record ${JSON.stringify(key)} cannot be used: ${problem}.`, {
      class: 'permanent',
      operation: 'read record',
      key,
      code: DAMAGED,
    });
  });
}

/**
 * Reads a batch at a time, and no batch that nobody asks for. A record that is damaged (a warning), or was pruned since
 * the listing, hides no other version.
 *
 * @param versions ascending by number
 */
export async function* recordsNewestFirst(
  store: Reader,
  keys: SeriesKeys,
  versions: readonly VersionFacts[],
  warn: (warning: Warning) => void,
): AsyncGenerator<ReadVersion> {
  const newestFirst = versions.toReversed();
  for (let start = 0; start < newestFirst.length; start += RECORDS_AT_ONCE) {
    const batch = newestFirst.slice(start, start + RECORDS_AT_ONCE);
    const read = await Promise.all(batch.map((version) => readIfIntact(store, keys, version, warn)));
    yield* read.filter((item) => item !== undefined);
  }
}

async function readIfIntact(
  store: Reader,
  keys: SeriesKeys,
  version: VersionFacts,
  warn: (warning: Warning) => void,
): Promise<ReadVersion | undefined> {
  try {
    return { version, record: await readRecord(store, keys, version.id) };
  } catch (error) {
    if (isClass(error, 'not-found')) return undefined;
    // What the store itself said (a denied request, say) is no damage.
    if (!isClass(error, 'permanent') || error.details.httpStatus !== undefined) throw error;
    warn({
      kind: 'record-unreadable',
      message: 'A record could not be read, so its version was passed over; verify the series.',
      reason: `${version.id}: ${messageOf(error)}`,
    });
    return undefined;
  }
}
