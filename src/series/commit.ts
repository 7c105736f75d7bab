import { BackupError, isClass } from '../errors.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes, ObjectStore, StoredObject } from '../store/object-store.ts';
import { type RetryPorts, Tries } from '../store/retry.ts';
import { listVersions } from './catalogue.ts';
import type { SeriesKeys } from './keys.ts';
import { readDocument } from './read-document.ts';
import { encodeRecord, parseRecord, type VersionRecord } from './record.ts';

export interface CommitRequest {
  readonly keys: SeriesKeys;
  readonly record: Omit<VersionRecord, 'format'>;
  readonly attributes: ObjectAttributes;
  /** As the claim found it. */
  readonly conditionalWrites: boolean;
}

/** The code of a failure after which nobody can tell whether the version was there: a newer one is, its record is not. */
export const UNHEARD = 'UNHEARD';

/**
 * Writes the record: the commit point. After a reply that was lost the record is read back, and its nonce decides.
 *
 * The record is sent again only while it is the newest, for the one that was sent before may have been there: once a
 * newer version is, a prune may have taken it away together with its data, and it would come back without them.
 *
 * @throws BackupError of class `lost-race` if another writer's record is there, or was, with code {@link UNHEARD} if
 *   this one's may have been
 */
export async function commit(store: ObjectStore, request: CommitRequest, ports: RetryPorts): Promise<StoredObject> {
  const { keys, record, attributes, conditionalWrites } = request;
  const key = keys.record(record.id);
  const body = encodeRecord(record);
  const options = { ...attributes, once: true, ...(conditionalWrites && { ifAbsent: true }) };
  const tries = new Tries(ports);
  for (;;) {
    try {
      return await store.put(key, body, options);
    } catch (error) {
      const final = await tries.waitAfter(error).then(
        () => undefined,
        (last: unknown) => last,
      );
      const isSuperseded = final === undefined && (await isPastSending(store, request, error));
      if (final === undefined && !isSuperseded) continue;
      const found = await recordAfter(final ?? error, store, { key, id: record.id, isSuperseded });
      if (found?.nonce === record.nonce) return {};
      if (found === undefined && isSuperseded) throw unheard(request, key, error);
      throw overtaken(request, key, found?.nonce, final ?? error);
    }
  }
}

/** Whether what may have had an effect need not, or must not, be sent again. What was refused had none. */
async function isPastSending(store: ObjectStore, { keys, record }: CommitRequest, failure: unknown): Promise<boolean> {
  if (!isClass(failure, 'transient')) return false;
  return (await listVersions(store, keys)).some(({ number }) => number >= record.number);
}

function unheard({ record }: CommitRequest, key: ObjectKey, cause: unknown): BackupError {
  return new BackupError(
    `Whether version ${record.number} was committed cannot be told: the reply was lost, newer versions are there by now, and if it was, a prune has removed it since.`,
    {
      class: 'lost-race',
      operation: 'commit',
      key,
      code: UNHEARD,
      expected: record.nonce,
      hint: 'Run the backup again; it takes the next number.',
      cause,
    },
  );
}

function overtaken({ record }: CommitRequest, key: ObjectKey, found: string | undefined, cause: unknown): BackupError {
  const removed = found === undefined ? ', and a prune has removed it since' : '';
  return new BackupError(
    `Version ${record.number} was committed by another run while this one was working${removed}.`,
    {
      class: 'lost-race',
      operation: 'commit',
      key,
      expected: record.nonce,
      ...(found !== undefined && { found }),
      hint: 'Run the backup again; it takes the next number.',
      cause,
    },
  );
}

/**
 * What is under the key after a failure that may have come after the effect.
 * @returns undefined where a record was there, or may have been, and is gone by now: only a prune takes records away
 * @throws the failure, where nothing can be read there
 */
async function recordAfter(
  failure: unknown,
  store: ObjectStore,
  { key, id, isSuperseded }: { readonly key: ObjectKey; readonly id: string; readonly isSuperseded: boolean },
): Promise<Pick<VersionRecord, 'nonce'> | undefined> {
  if (!isClass(failure, 'lost-race', 'transient', 'throttled', 'expired')) throw failure;
  const isRefused = failure.class === 'lost-race';
  try {
    return await readDocument(store, key, (bytes) => parseRecord(bytes, key, id));
  } catch (error) {
    if ((isRefused || isSuperseded) && isClass(error, 'not-found')) return undefined;
    // Somebody's record that makes no sense is worth saying; anything else leaves the first failure standing.
    throw isRefused ? error : failure;
  }
}
