import type { LockMode, ObjectLock } from '../store/object-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How all objects of a version are locked, each in the request that creates it. */
export interface VersionLock {
  readonly retention?: {
    readonly mode: LockMode;
    /** From the time in the version's ID. */
    readonly days: number;
  };
  readonly legalHold: boolean;
}

/**
 * The lock of the objects of one version: the same for all of them, however long their upload takes, so that one HEAD
 * tells of all.
 * @param time of the version, by the store's clock
 */
export function objectLock({ retention, legalHold }: VersionLock, time: Date): ObjectLock {
  if (retention === undefined) return { legalHold };
  const retainUntil = new Date(time.getTime() + retention.days * DAY_MS);
  return { mode: retention.mode, retainUntil, legalHold };
}
