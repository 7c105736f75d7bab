import { withSecondLook } from '../second-look.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readSmall } from '../store/read-small.ts';
import { MAX_DOCUMENT_BYTES } from './json.ts';

/**
 * Reads a document of ours. One that makes no sense is read once more, because bytes may change on their way.
 *
 * @param parse throws with code {@link DAMAGED} for bytes that are none
 * @throws BackupError of class `not-found`; what `parse` throws
 */
export function readDocument<T>(
  store: Pick<ObjectStore, 'get'>,
  key: ObjectKey,
  parse: (bytes: Uint8Array, key: string) => T,
): Promise<T> {
  return withSecondLook(async () => parse(await readSmall(store, key, MAX_DOCUMENT_BYTES), key));
}
