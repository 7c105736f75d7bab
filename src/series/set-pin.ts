import { BackupError, isClass } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import { exists } from '../store/exists.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { CONFLICT_RETRY, type RetryPorts, retry } from '../store/retry.ts';
import { isUnsupported } from './create-claim.ts';
import type { SeriesKeys } from './keys.ts';
import type { RunInfo } from './model.ts';
import { encodePin, type PinDocument, readPin } from './pin.ts';

/** What became of the pin. */
export interface PinChange {
  /** False: it was so before. */
  readonly changed: boolean;
  /** Set now, found there, or taken away. Absent where there is none, or one that says nothing of itself. */
  readonly pin?: PinDocument;
}

/**
 * Pins a version. The first pin stays: whoever pins once more is told who did before.
 *
 * A prune lists the pins right before it deletes records. One that did so just before this pin was there still removes the
 * version; so the record is looked for once more at the end, which leaves no more than the time of that one delete.
 *
 * @throws BackupError of class `not-found` if the version was pruned meanwhile
 */
export async function setPin(
  store: ObjectStore,
  keys: SeriesKeys,
  { id, number }: VersionFacts,
  { run, reason }: { readonly run: RunInfo; readonly reason: string },
  ports: RetryPorts,
): Promise<PinChange> {
  if (await exists(store, keys.pin(number))) return { changed: false, ...(await known(store, keys, number)) };
  const bytes = encodePin({ id, number, reason, run, time: store.now().toISOString() });
  await create(store, keys, number, bytes, ports);
  const { pin } = await known(store, keys, number);
  // After a lost race, or a reply that was lost, the bytes tell whose pin it is.
  const changed = pin !== undefined && Buffer.from(encodePin(pin)).equals(bytes);
  if (!(await exists(store, keys.record(id)))) throw prunedMeanwhile(id, keys);
  return { changed, ...(pin && { pin }) };
}

/** Takes the pin of a version away. */
export async function removePin(
  store: ObjectStore,
  keys: SeriesKeys,
  { number }: Pick<VersionFacts, 'number'>,
): Promise<PinChange> {
  const key = keys.pin(number);
  if (!(await exists(store, key))) return { changed: false };
  const taken = await known(store, keys, number);
  const [failure] = await store.delete([{ key }]);
  if (failure === undefined) return { changed: true, ...taken };
  throw new BackupError(`The pin ${JSON.stringify(key)} could not be deleted: ${failure.code}, ${failure.message}`, {
    class: 'permanent',
    operation: 'unpin',
    key,
    code: failure.code,
  });
}

async function known(store: ObjectStore, keys: SeriesKeys, number: number): Promise<{ readonly pin?: PinDocument }> {
  const pin = await readPin(store, keys, number);
  return pin === undefined ? {} : { pin };
}

/** Without a condition where the store knows none: that nothing is there was seen just now. */
async function create(
  store: ObjectStore,
  keys: SeriesKeys,
  number: number,
  bytes: Uint8Array,
  ports: RetryPorts,
): Promise<void> {
  const key = keys.pin(number);
  const attributes = { contentType: 'application/json' };
  try {
    await retry(() => store.put(key, bytes, { ...attributes, ifAbsent: true }), ports, CONFLICT_RETRY);
  } catch (error) {
    if (isClass(error, 'lost-race')) return;
    if (!isUnsupported(error)) throw error;
    await store.put(key, bytes, attributes);
  }
}

function prunedMeanwhile(id: string, keys: SeriesKeys): BackupError {
  return new BackupError(`The version ${id} was removed by a prune while it was being pinned.`, {
    class: 'not-found',
    operation: 'pin',
    key: keys.record(id),
    hint: 'Pin another version; the pin object that is left holds nothing.',
  });
}
