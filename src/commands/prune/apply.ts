import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { planRetention, withHolds } from '../../retention/plan.ts';
import type { RetentionPlan, VersionFacts } from '../../retention/types.ts';
import { listPins, listVersions } from '../../series/catalogue.ts';
import { prune } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import type { ObjectKey } from '../../store/object-key.ts';
import type { ObjectStore, StoredObject, Versioning } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import { planPrune } from './plan.ts';
import type { PruneRequest } from './request.ts';

/** The version that the run which prunes has just made. */
export interface OwnVersion {
  readonly claim: ObjectKey;
  readonly record: StoredObject;
}

/** Why a version stays that the plan, made before somebody pinned it, would have removed. */
const PINNED_MEANWHILE = 'pinned meanwhile';

/** By which nothing is measured where no rule is given. */
const NO_RULE = { now: new Date(0), timezone: 'UTC' };

/** What a report says where nothing was asked to be deleted. */
export function noPrune(versions: readonly VersionFacts[]): PruneReport {
  return { ...emptyReport(planRetention(versions, {}, [], NO_RULE)), outcome: 'off' };
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

/** The report of a plan that a guard stopped: nothing was deleted, and in a real run nothing would be. */
export function stoppedReport(plan: RetentionPlan, stop: string): PruneReport {
  return { ...emptyReport(plan), outcome: 'failed', failure: stop, stopped: true };
}

/**
 * Applies the policy to the series as it is now, and cleans up after killed runs. Versions and pins are listed anew:
 * after an upload other runs have gone on in the meantime. Pins are listed once more right before the first delete.
 *
 * @returns what was done; trouble with a delete, and a guard that stopped it all, is the report's `failure`
 * @throws InputError for a tag that no version has
 */
export async function applyPolicy(request: PruneRequest, ports: CommandPorts, own?: OwnVersion): Promise<PruneReport> {
  const { store, log } = ports;
  const [versions, pins] = await Promise.all([listVersions(store, request.keys), listPins(store, request.keys)]);
  const versioning = own === undefined ? await store.versioning() : await versioningOf(store, own.record);
  const { plan, stop } = await planPrune(request, versions, pins, async () => versioning, ports);
  const report = stop === undefined ? await carryOut(request, plan, versioning, ports, own) : stoppedReport(plan, stop);
  for (const line of planLines(report)) log.info(line);
  return report;
}

async function carryOut(
  { keys, retention }: PruneRequest,
  plan: RetentionPlan,
  versioning: Versioning,
  { store, log, temporaryDirectory }: CommandPorts,
  own: OwnVersion | undefined,
): Promise<PruneReport> {
  const {
    warnings,
    pinned = [],
    ...outcome
  } = await prune({
    store,
    keys,
    plan,
    versioning,
    pruneNoncurrent: retention.pruneNoncurrent,
    abandonedAfterMs: retention.abandonedAfterMs,
    // By itself a prune has time for what is rare; after a backup each request counts.
    ...(own ? { ownClaim: own.claim } : { sweepsUploads: true }),
    readClaim: claimReader(store),
    temporaryDirectory,
  });
  for (const warning of warnings) log.warn(warning);
  const { decisions } = withHolds(plan, new Map(pinned.map((id) => [id, PINNED_MEANWHILE])));
  return { ...outcome, decisions, outcome: outcome.failure === undefined ? 'done' : 'failed' };
}

/** The reply to the record's PUT tells whether the bucket keeps versions: no request of its own. */
async function versioningOf(store: ObjectStore, { etag, versionId }: StoredObject): Promise<Versioning> {
  if (versionId !== undefined) return versionId === 'null' ? 'suspended' : 'enabled';
  // No reply at all (it was lost, and the record was found by its nonce): ask.
  return etag === undefined ? store.versioning() : 'off';
}
