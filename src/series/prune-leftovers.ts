import { isClass } from '../errors.ts';
import { exists } from '../store/exists.ts';
import { keyProblem, objectKey } from '../store/object-key.ts';
import type { ListedUpload, ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { isLockRefusal } from './prune-locks.ts';
import type { NeededCursor, Needs } from './prune-needs.ts';
import type { PruneTally } from './prune-outcome.ts';
import { inParallel } from './prune-parallel.ts';
import type { Remover } from './prune-remover.ts';
import type { Leftover } from './prune-survey.ts';

export interface LeftoverPorts {
  readonly store: ObjectStore;
  readonly keys: SeriesKeys;
  readonly remover: Remover;
  readonly tally: PruneTally;
}

/**
 * Deletes the data that nobody needs, then the claims of those of which nothing is left. A claim outlives its data, also
 * data that could not be deleted: by it a later prune finds what is left.
 *
 * @returns the IDs of which nothing is left
 */
export async function removeLeftovers(
  ports: LeftoverPorts,
  leftovers: readonly Leftover[],
  needs: Needs,
): Promise<string[]> {
  const { keys, remover, tally } = ports;
  const isPartly = new Set(needs.partly);
  const free = leftovers.filter(({ id }) => !isPartly.has(id));
  const isGone = await inParallel(free, ({ id }) => removeData(ports, id));
  const there = new Set(leftovers.map(({ id }) => id));
  await removeUnneeded(
    ports,
    needs.partly.filter((id) => there.has(id)),
    needs,
  );
  const gone = free.filter((_, index) => isGone[index]);
  const claims = gone.flatMap((leftover) => leftover.claims);
  if (claims.length > 0) {
    await remover.removeKeys(keys.claimsPrefix, claims, (failure) => {
      if (isLockRefusal(failure)) tally.warnings.push(stillLocked(failure.target.key));
      else tally.refused(failure);
    });
  }
  return gone.map(({ id }) => id);
}

/** As {@link removeLeftovers} for runs that were killed, which also leave uploads open. */
export async function removeAbandoned(
  ports: LeftoverPorts,
  leftovers: readonly Leftover[],
  needs: Needs,
): Promise<void> {
  const { store, keys, tally } = ports;
  // A very slow writer may have committed after the claims were listed.
  const isCommitted = await inParallel(leftovers, ({ id }) => exists(store, keys.record(id)));
  const abandoned = leftovers.filter((_, index) => !isCommitted[index]);
  await inParallel(abandoned, ({ id }) => abortUploads(ports, openUploads(store, keys.dataPrefix(id))));
  tally.abandoned.push(...(await removeLeftovers(ports, abandoned, needs)));
}

/**
 * Ends uploads that have been open for longer than any job lives, whatever became of their versions: nobody completes
 * them, no listing of objects shows them, and their parts are billed. One listing for all versions.
 */
export async function abortStaleUploads(ports: LeftoverPorts, maxAgeMs: number): Promise<void> {
  await abortUploads(ports, doomedUploads(ports, maxAgeMs, []));
}

/**
 * The uploads a prune by itself would end: those that are old, and all of runs that were killed.
 * @param abandoned IDs of these runs
 */
export async function* doomedUploads(
  ports: Pick<LeftoverPorts, 'store' | 'keys'>,
  maxAgeMs: number,
  abandoned: readonly string[],
): AsyncGenerator<ListedUpload> {
  const { store, keys } = ports;
  const prefixes = abandoned.map((id) => keys.dataPrefix(id));
  const oldest = store.now().getTime() - maxAgeMs;
  for await (const upload of openUploads(store, keys.dataRoot)) {
    if (upload.initiated.getTime() < oldest || prefixes.some((prefix) => upload.key.startsWith(prefix))) yield upload;
  }
}

/** One version after another, in the order in which the needed keys come. */
async function removeUnneeded(ports: LeftoverPorts, ids: readonly string[], needs: Needs): Promise<void> {
  if (ids.length === 0) return;
  const cursor = needs.cursor();
  try {
    for (const id of ids) await removeData(ports, id, cursor);
  } finally {
    await cursor.close();
  }
}

/** @returns whether all of it is gone, but for keys that are not ours or are needed */
export async function removeData(
  { keys, remover, tally }: LeftoverPorts,
  id: string,
  needed?: NeededCursor,
): Promise<boolean> {
  let complete = true;
  let locked = 0;
  await remover.removeBelow(
    keys.dataPrefix(id),
    (failure) => {
      complete = false;
      if (isLockRefusal(failure)) locked += 1;
      else tally.refused(failure);
    },
    async (key) => {
      if (keyProblem(key) === undefined) return !(await needed?.has(key));
      tally.warnings.push(foreignKey(key));
      return false;
    },
  );
  if (locked > 0) tally.warnings.push(stillLocked(id));
  return complete;
}

async function abortUploads({ store, tally }: LeftoverPorts, uploads: AsyncIterable<ListedUpload>): Promise<void> {
  for await (const { key, uploadId } of uploads) {
    await store.abortUpload(objectKey(key), uploadId);
    tally.endedUpload(key);
  }
}

/** Those that can be ours. A store that cannot list uploads leaves them to its own expiry. */
async function* openUploads(store: Pick<ObjectStore, 'listUploads'>, prefix: string): AsyncGenerator<ListedUpload> {
  try {
    for await (const upload of store.listUploads(prefix)) {
      if (keyProblem(upload.key) === undefined) yield upload;
    }
  } catch (error) {
    if (!isClass(error, 'permanent') || error.details.code !== 'NotImplemented') throw error;
  }
}

/** No failure: the lock is what the user asked for, and it ends by itself. */
function stillLocked(subject: string) {
  return {
    kind: 'leftovers-locked',
    message:
      'What is left of a removed version or a killed run is locked; a later prune takes it once the lock has ended.',
    subject,
  };
}

function foreignKey(subject: string) {
  return {
    kind: 'foreign-key',
    message: 'A key below the data of a removed version cannot be one of this series, so the prune left it alone.',
    subject,
  };
}
