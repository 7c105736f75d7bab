import { stopReason } from '../../retention/guards.ts';
import { doomedVersions, planRetention, withHolds } from '../../retention/plan.ts';
import type { Pin, RetentionPlan, VersionFacts } from '../../retention/types.ts';
import { canBeLocked, lockHolds } from '../../series/prune-locks.ts';
import { withTags } from '../../series/version-tags.ts';
import type { Versioning } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import type { PruneRequest } from './request.ts';

/** What a prune will do, decided before its first delete. */
export interface PrunePlan {
  /** What is locked is kept, with the date that frees it. */
  readonly plan: RetentionPlan;
  /** `off` where nothing is to be deleted, so that it does not matter. */
  readonly versioning: Versioning;
  /** Why the plan must not be carried out. */
  readonly stop?: string;
}

/**
 * Plans a prune: the policy, then what is locked, then the guards. A dry run and a real one are planned by this same
 * function, so that what was looked at is what will be done.
 *
 * @param versions of the series, also one that is only planned
 * @param versioning asked only where something could be deleted
 * @throws InputError for a tag that no version has; BackupError where the store fails
 */
export async function planPrune(
  { keys, retention }: PruneRequest,
  versions: readonly VersionFacts[],
  pins: readonly Pin[],
  versioning: () => Promise<Versioning>,
  { store, log }: CommandPorts,
): Promise<PrunePlan> {
  const { policy, timezone, maxDelete } = retention;
  const facts =
    policy.keepTags === undefined ? versions : await withTags(store, keys, versions, (warning) => log.warn(warning));
  const now = store.now();
  const wanted = planRetention(facts, policy, pins, { now, timezone });
  const doomed = doomedVersions(wanted);
  const state = doomed.length > 0 ? await versioning() : 'off';
  const plan = canBeLocked(state) ? withHolds(wanted, await lockHolds(store, keys, doomed)) : wanted;
  const stop = stopReason(plan, maxDelete, now);
  return { plan, versioning: state, ...(stop !== undefined && { stop }) };
}
