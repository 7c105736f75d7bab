import { keptUntil } from '../retention/kept-until.ts';
import type { RetentionPolicy } from '../retention/types.ts';
import type { LockMode, ObjectLock } from '../store/object-store.ts';
import type { RecordedLock } from './record.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a lock lasts, from the time in the version's ID. */
export type LockLength =
  | { readonly days: number }
  /** As long as the policy is sure to keep the version; it has a rule that promises a date. */
  | { readonly policy: RetentionPolicy; readonly timezone: string };

/** How all objects of a version are locked, each in the request that creates it. */
export interface VersionLock {
  readonly retention?: { readonly mode: LockMode; readonly length: LockLength };
  readonly legalHold: boolean;
}

/**
 * The lock of the objects of one version: the same for all of them, however long their upload takes, so that one HEAD
 * tells of all.
 * @param time of the version, by the store's clock
 */
export function objectLock({ retention, legalHold }: VersionLock, time: Date): ObjectLock {
  if (retention === undefined) return { legalHold };
  const retainUntil = endOf(retention.length, time);
  return retainUntil === undefined ? { legalHold } : { mode: retention.mode, retainUntil, legalHold };
}

/** The share of a lock that may be over when an interrupted version is gone on with, whose lock began with its number. */
const MAX_LOCK_MISSED = 0.1;

/** Whether a version of that time, stored now, is locked for nearly as long as it ought to be. */
export function isLockFresh({ retention }: VersionLock, time: Date, now: Date): boolean {
  const until = retention && endOf(retention.length, time);
  if (until === undefined) return true;
  const missedMs = now.getTime() - time.getTime();
  return missedMs <= (until.getTime() - time.getTime()) * MAX_LOCK_MISSED;
}

function endOf(length: LockLength, time: Date): Date | undefined {
  if ('days' in length) return new Date(time.getTime() + length.days * DAY_MS);
  return keptUntil(length.policy, time, length.timezone);
}

/** What has to be done to an object so that it is locked as long, and as strictly, as is wanted. */
export interface LockChange {
  readonly retention?: { readonly mode: LockMode; readonly until: Date };
  readonly hold: boolean;
}

/**
 * Makes nothing shorter and nothing weaker: of two modes the strict one counts, of two dates the later one.
 * @param found what the object has; undefined also where that may not be seen
 * @param now by the store's clock: what has ended counts no more
 */
export function lockChange(found: ObjectLock | undefined, wanted: ObjectLock, now: Date): LockChange {
  const hold = wanted.legalHold && found?.legalHold !== true;
  const { mode, retainUntil } = wanted;
  if (mode === undefined || retainUntil === undefined || retainsAsLong(found, wanted)) return { hold };
  const before = found?.retainUntil !== undefined && found.retainUntil > now ? found : undefined;
  const isStrict = mode === 'COMPLIANCE' || before?.mode === 'COMPLIANCE';
  const until =
    before?.retainUntil !== undefined && before.retainUntil > retainUntil ? before.retainUntil : retainUntil;
  return { hold, retention: { mode: isStrict ? 'COMPLIANCE' : 'GOVERNANCE', until } };
}

/**
 * Whether nothing need be done to what a version refers to, by its record. A hold can be lifted from a single object at
 * any time, so of that no record knows.
 */
export function isLockedEnough(recorded: RecordedLock | undefined, wanted: ObjectLock): boolean {
  return !wanted.legalHold && retainsAsLong(recorded && lockOfRecord(recorded), wanted);
}

/** A lock as it is to stand in the record. */
export function recordedLock({ retainUntil, ...lock }: ObjectLock): RecordedLock {
  return { ...lock, ...(retainUntil && { retainUntil: retainUntil.toISOString() }) };
}

function lockOfRecord({ retainUntil, ...lock }: RecordedLock): ObjectLock {
  return { ...lock, ...(retainUntil !== undefined && { retainUntil: new Date(retainUntil) }) };
}

function retainsAsLong(found: ObjectLock | undefined, { mode, retainUntil }: ObjectLock): boolean {
  if (retainUntil === undefined) return true;
  if (found?.retainUntil === undefined || found.retainUntil < retainUntil) return false;
  return found.mode === 'COMPLIANCE' || found.mode === mode;
}
