import { isClass } from '../errors.ts';
import type { Holds } from '../retention/plan.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { DeleteFailure, ObjectLock, ObjectStore, Versioning } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { inParallel } from './prune-parallel.ts';

/**
 * Which versions are under Object Lock or legal hold: one HEAD of each record, all objects of a version being locked
 * alike. Where the caller may not read locks they look unlocked; the refused delete then tells.
 *
 * @returns why, by ID; versions that nothing holds are not in it
 */
export async function lockHolds(
  store: ObjectStore,
  keys: SeriesKeys,
  versions: readonly VersionFacts[],
): Promise<Holds> {
  const reasons = await inParallel(versions, async ({ id }) => {
    const lock = await lockOfRecord(store, keys, id);
    return lock && lockReason(lock, store.now());
  });
  const holds = new Map<string, string>();
  for (const [index, { id }] of versions.entries()) {
    const reason = reasons[index];
    if (reason !== undefined) holds.set(id, reason);
  }
  return holds;
}

/** Object Lock needs versioning, and a bucket that has it cannot suspend it (S3 User Guide, "Object Lock"). */
export function canBeLocked(versioning: Versioning): boolean {
  return versioning === 'enabled' || versioning === 'unknown';
}

/** `locked until 2027-01-01T00:00:00Z (COMPLIANCE)`, `legal hold` or both; undefined if nothing holds any more. */
export function lockReason({ mode, retainUntil, legalHold }: ObjectLock, now: Date): string | undefined {
  const reasons: string[] = [];
  if (legalHold) reasons.push('legal hold');
  if (retainUntil !== undefined && retainUntil > now) {
    const date = retainUntil.toISOString().replace(/\.\d+Z$/, 'Z');
    reasons.push(`locked until ${date}${mode === undefined ? '' : ` (${mode})`}`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', ');
}

/** So stores answer for a locked version where the caller may not see the lock. */
export function isLockRefusal({ code, message }: DeleteFailure): boolean {
  return code === 'AccessDenied' && /object lock/i.test(message);
}

/** A record that another pruner removed meanwhile holds nothing; it and one that may not be looked at answer alike. */
async function lockOfRecord(store: ObjectStore, keys: SeriesKeys, id: string): Promise<ObjectLock | undefined> {
  try {
    return (await store.head(keys.record(id))).lock;
  } catch (error) {
    if (isClass(error, 'not-found') || isForbidden(error)) return undefined;
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  return isClass(error, 'permanent') && error.details.httpStatus === 403;
}
