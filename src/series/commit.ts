import { BackupError, isClass } from '../errors.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectAttributes, ObjectStore, StoredObject } from '../store/object-store.ts';
import { readSmall } from '../store/read-small.ts';
import { CONFLICT_RETRY, type RetryPorts, retry } from '../store/retry.ts';
import { MAX_DOCUMENT_BYTES } from './json.ts';
import { encodeRecord, parseRecord, type VersionRecord } from './record.ts';

export interface CommitRequest {
  readonly key: ObjectKey;
  readonly record: Omit<VersionRecord, 'format'>;
  readonly attributes: ObjectAttributes;
  /** As the claim found it. */
  readonly conditionalWrites: boolean;
}

/**
 * Writes the record: the commit point. After a reply that was lost the record is read back, and its nonce decides.
 * @throws BackupError of class `lost-race` if another writer's record is there, or was
 */
export async function commit(store: ObjectStore, request: CommitRequest, ports: RetryPorts): Promise<StoredObject> {
  const { key, record, attributes, conditionalWrites } = request;
  const body = encodeRecord(record);
  const options = conditionalWrites ? { ...attributes, ifAbsent: true } : attributes;
  try {
    return await retry(() => store.put(key, body, options), ports, CONFLICT_RETRY);
  } catch (error) {
    const found = await recordAfter(error, store, key, record.id);
    if (found?.nonce === record.nonce) return {};
    throw overtaken(request, found?.nonce, error);
  }
}

function overtaken({ key, record }: CommitRequest, found: string | undefined, cause: unknown): BackupError {
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
 * @returns undefined where a record was there, and is gone by now: only a prune takes records away
 * @throws the failure, where nothing can be read there
 */
async function recordAfter(
  failure: unknown,
  store: ObjectStore,
  key: ObjectKey,
  id: string,
): Promise<Pick<VersionRecord, 'nonce'> | undefined> {
  if (!isClass(failure, 'lost-race', 'transient', 'throttled', 'expired')) throw failure;
  try {
    return parseRecord(await readSmall(store, key, MAX_DOCUMENT_BYTES), key, id);
  } catch (error) {
    if (failure.class === 'lost-race' && isClass(error, 'not-found')) return undefined;
    // Somebody's record that makes no sense is worth saying; anything else leaves the first failure standing.
    throw failure.class === 'lost-race' ? error : failure;
  }
}
