import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { planRetention } from '../../retention/plan.ts';
import type { RetentionPlan, VersionFacts } from '../../retention/types.ts';
import { listPins, listVersions } from '../../series/catalogue.ts';
import { prune } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import type { ObjectKey } from '../../store/object-key.ts';
import type { ObjectStore, StoredObject, Versioning } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import type { PruneRequest } from './request.ts';

/** The version that the run which prunes has just made. */
export interface OwnVersion {
  readonly claim: ObjectKey;
  readonly record: StoredObject;
}

/** What a report says where nothing was asked to be deleted. */
export function noPrune(versions: readonly VersionFacts[]): PruneReport {
  return { ...emptyReport(planRetention(versions, {}, [])), outcome: 'off' };
}

/** The report of a plan of which nothing has been done. */
export function emptyReport({ decisions }: RetentionPlan): Omit<PruneReport, 'outcome'> {
  return {
    decisions,
    removed: [],
    skipped: [],
    deletedObjects: 0,
    deletedBytes: 0,
    abandoned: [],
    onlyHidden: false,
  };
}

/**
 * Applies the policy to the series as it is now, and cleans up after killed runs. Versions and pins are listed anew:
 * after an upload other runs have gone on in the meantime.
 *
 * @returns what was done; trouble with a delete is the report's `failure`
 */
export async function applyPolicy(
  { keys, retention }: PruneRequest,
  { store, log }: CommandPorts,
  own?: OwnVersion,
): Promise<PruneReport> {
  const [versions, pins] = await Promise.all([listVersions(store, keys), listPins(store, keys)]);
  const plan = planRetention(versions, retention.policy, pins);
  const { warnings, ...outcome } = await prune({
    store,
    keys,
    plan,
    versioning: own === undefined ? await store.versioning() : await versioningOf(store, own.record),
    pruneNoncurrent: retention.pruneNoncurrent,
    abandonedAfterMs: retention.abandonedAfterMs,
    // By itself a prune has time for what is rare; after a backup each request counts.
    ...(own ? { ownClaim: own.claim } : { sweepsUploads: true }),
    readClaim: claimReader(store),
  });
  for (const warning of warnings) log.warn(warning);
  const report: PruneReport = {
    ...outcome,
    decisions: plan.decisions,
    outcome: outcome.failure === undefined ? 'done' : 'failed',
  };
  for (const line of planLines(report)) log.info(line);
  return report;
}

/** The reply to the record's PUT tells whether the bucket keeps versions: no request of its own. */
async function versioningOf(store: ObjectStore, { etag, versionId }: StoredObject): Promise<Versioning> {
  if (versionId !== undefined) return versionId === 'null' ? 'suspended' : 'enabled';
  // No reply at all (it was lost, and the record was found by its nonce): ask.
  return etag === undefined ? store.versioning() : 'off';
}
