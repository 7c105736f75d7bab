import { BackupError, isClass } from '../../errors.ts';
import { count } from '../../report/units.ts';
import type { OwnedClaim } from '../../series/claim-number.ts';
import { parseEntry } from '../../series/entry-line.ts';
import { isLockedEnough, lockChange } from '../../series/lock.ts';
import { ownerOf } from '../../series/version-references.ts';
import { SortedSpool } from '../../sorted-spool.ts';
import type { ObjectKey } from '../../store/object-key.ts';
import type { ObjectLock } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import { versionAttributes } from './attributes.ts';
import type { Base } from './base.ts';
import type { BackupRequest } from './request.ts';
import type { Uploaded } from './upload.ts';

/**
 * Locks the objects of older versions that a locked version refers to for as long as its own, before its record is
 * written: a locked version never depends on an object that is not. Each is looked at once, and locked where its own lock
 * is shorter or weaker; nothing is where the base's record says that all it refers to is locked for long enough.
 *
 * @throws BackupError for an object that cannot be locked; then the version does not come to be
 */
export async function lockReferences(
  request: BackupRequest,
  { claim }: OwnedClaim,
  base: Base | undefined,
  uploaded: Uploaded,
  ports: CommandPorts,
): Promise<void> {
  const { lock } = versionAttributes(request, ports.run, claim.id);
  if (lock === undefined || uploaded.references.leansOn.length === 0) return;
  if (isLockedEnough(base?.record.lock, lock)) {
    ports.log.debug('All that is referred to is locked for long enough, by the record of the base');
    return;
  }
  await ports.log.step('Lock what older versions have of it', async () => {
    const referred = new SortedSpool<{ readonly key: string }>(ports.temporaryDirectory);
    try {
      await collectKeys(uploaded, claim.id, referred);
      const total = await lockAll(distinct(referred.sorted()), lock, request, ports);
      ports.log.info(
        `${count(total.seen, 'object')} of older versions; ${total.locked} of them had to be locked longer`,
      );
    } finally {
      await referred.remove();
    }
  });
}

/** Of packs the references tell; the index has far more entries than it refers to packs. */
async function collectKeys(
  { index, references }: Uploaded,
  id: string,
  referred: SortedSpool<{ readonly key: string }>,
): Promise<void> {
  for (const key of references.packs.keys()) if (ownerOf(key) !== id) await referred.add({ key });
  for await (const line of index.lines()) {
    const entry = parseEntry(line, 'the index of this version');
    if (entry.type !== 'file' || entry.slice !== undefined || ownerOf(entry.key) === id) continue;
    await referred.add({ key: entry.key });
  }
}

async function* distinct(sorted: AsyncIterable<{ readonly key: string }>): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const { key } of sorted) {
    if (key !== last) yield key;
    last = key;
  }
}

/** After a failure nothing more is begun, and what is under way is awaited. */
async function lockAll(
  keys: AsyncGenerator<string>,
  lock: ObjectLock,
  request: BackupRequest,
  ports: CommandPorts,
): Promise<{ readonly seen: number; readonly locked: number }> {
  const total = { seen: 0, locked: 0 };
  const worker = async () => {
    // To leave the loop by an error ends the generator, and so the loops of the others.
    for await (const key of keys) {
      ports.signal.throwIfAborted();
      total.seen += 1;
      if (await lockObject(request.keys.absolute(key), lock, ports)) total.locked += 1;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: request.concurrency }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return total;
}

/** @returns whether anything had to be done */
async function lockObject(key: ObjectKey, wanted: ObjectLock, { store }: CommandPorts): Promise<boolean> {
  try {
    const { lock } = await store.head(key);
    const { retention, hold } = lockChange(lock, wanted, store.now());
    if (retention !== undefined) await store.retain(key, retention.mode, retention.until);
    if (hold) await store.hold(key);
    return retention !== undefined || hold;
  } catch (error) {
    if (!isClass(error, 'not-found', 'permanent')) throw error;
    throw cannotBeLocked(key, error);
  }
}

function cannotBeLocked(key: ObjectKey, cause: BackupError): BackupError {
  const message = `The object ${JSON.stringify(key)} of an older version, which the new one refers to, cannot be locked: ${cause.message}`;
  return new BackupError(message, {
    ...cause.details,
    key,
    hint: 'Nothing is committed, as a locked version may not depend on an object that is not locked. With `incremental: off` the version has objects of its own; where a right is missing, the README has the policy.',
    cause,
  });
}
