import { keptUntil } from '../retention/kept-until.ts';
import type { RetentionPolicy } from '../retention/types.ts';
import type { LockMode, ObjectLock } from '../store/object-store.ts';

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

function endOf(length: LockLength, time: Date): Date | undefined {
  if ('days' in length) return new Date(time.getTime() + length.days * DAY_MS);
  return keptUntil(length.policy, time, length.timezone);
}
