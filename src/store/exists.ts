import type { ObjectKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Whether there is an object under a key. By a listing: where a role's right to list is narrowed to a prefix, as ours
 * is, S3 answers a HEAD of a missing key with 403, as it answers one that is forbidden (S3 API Reference, HeadObject).
 */
export async function exists(store: Pick<ObjectStore, 'list'>, key: ObjectKey): Promise<boolean> {
  for await (const listed of store.list(key)) return listed.key === key;
  return false;
}
