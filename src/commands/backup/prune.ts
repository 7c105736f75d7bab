import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { doomedVersions, planRetention } from '../../retention/plan.ts';
import type { RetentionPlan, VersionFacts } from '../../retention/types.ts';
import { listPins, listVersions } from '../../series/catalogue.ts';
import { onlyHides, prune } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import type { ObjectKey } from '../../store/object-key.ts';
import type { ObjectStore, StoredObject, Versioning } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import type { Catalogue } from './claim.ts';
import type { BackupRequest } from './request.ts';

/** What a report says where nothing was asked to be deleted. */
export function noPrune(versions: readonly VersionFacts[]): PruneReport {
  return { ...emptyReport(planRetention(versions, {}, [])), outcome: 'off' };
}

/** What a prune would do now, with the version that is not there yet. */
export async function planPrune(
  request: BackupRequest,
  versions: readonly VersionFacts[],
  catalogue: Catalogue,
  { store, log }: CommandPorts,
): Promise<PruneReport> {
  const { policy, pruneNoncurrent } = request.retention;
  const plan = planRetention(versions, policy, catalogue.pins);
  const doomed = doomedVersions(plan);
  const report: PruneReport = {
    ...emptyReport(plan),
    outcome: 'planned',
    removed: doomed.map(({ id }) => id),
    ...(await amountOf(request, doomed, store)),
    onlyHidden: doomed.length > 0 && onlyHides(await store.versioning(), pruneNoncurrent),
  };
  for (const line of planLines(report)) log.info(line);
  return report;
}

/**
 * Applies the policy after a commit. Versions and pins are listed anew: other runs went on while this one uploaded.
 * Trouble ends in the report and not in an error: the backup itself is good.
 */
export async function pruneVersions(
  request: BackupRequest,
  own: { readonly claim: ObjectKey; readonly record: StoredObject },
  ports: CommandPorts,
): Promise<PruneReport> {
  const { keys, retention } = request;
  const { store, log } = ports;
  const [versions, pins] = await Promise.all([listVersions(store, keys), listPins(store, keys)]);
  const plan = planRetention(versions, retention.policy, pins);
  const { warnings, ...outcome } = await prune({
    store,
    keys,
    plan,
    versioning: await versioningOf(store, own.record),
    pruneNoncurrent: retention.pruneNoncurrent,
    abandonedAfterMs: retention.abandonedAfterMs,
    ownClaim: own.claim,
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

async function amountOf({ keys }: BackupRequest, doomed: readonly VersionFacts[], store: ObjectStore) {
  let deletedObjects = 0;
  let deletedBytes = 0;
  for (const { id } of doomed) {
    // The record and the claim go too.
    deletedObjects += 2;
    for await (const { size } of store.list(keys.dataPrefix(id))) {
      deletedObjects += 1;
      deletedBytes += size;
    }
  }
  return { deletedObjects, deletedBytes };
}

function emptyReport({ decisions }: RetentionPlan): Omit<PruneReport, 'outcome'> {
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
