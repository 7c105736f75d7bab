import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { doomedVersions, planRetention } from '../../retention/plan.ts';
import type { Pin, VersionFacts } from '../../retention/types.ts';
import { onlyHides, previewAbandoned } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import { canBeLocked, withoutLocked } from '../../series/prune-locks.ts';
import { PruneTally } from '../../series/prune-outcome.ts';
import type { Versioning } from '../../store/object-store.ts';
import type { CommandPorts } from '../ports.ts';
import { emptyReport } from './apply.ts';
import type { PruneRequest } from './request.ts';

/** What is pruned: data below the ID, and documents (record, claims) beside it. */
interface Doomed {
  readonly id: string;
  readonly documents: number;
}

/**
 * What applying the policy would do, and clean up. Changes nothing.
 * @param versions of the series, also one that is only planned
 */
export async function previewPolicy(
  request: PruneRequest,
  versions: readonly VersionFacts[],
  pins: readonly Pin[],
  ports: CommandPorts,
): Promise<PruneReport> {
  const { keys, retention } = request;
  const { store, log } = ports;
  const plan = planRetention(versions, retention.policy, pins);
  const versioning = doomedVersions(plan).length > 0 ? await store.versioning() : 'off';
  const { removed, skipped } = await removable(doomedVersions(plan), versioning, request, ports);
  const { abandonedAfterMs, pruneNoncurrent } = retention;
  const abandoned = await previewAbandoned({ store, keys, plan, abandonedAfterMs, readClaim: claimReader(store) });
  const doomed = [
    ...removed.map((id) => ({ id, documents: 2 })),
    ...[...abandoned].map(([id, claims]) => ({ id, documents: claims.length })),
  ];
  const report: PruneReport = {
    ...emptyReport(plan),
    outcome: 'planned',
    removed,
    skipped,
    abandoned: [...abandoned.keys()],
    ...(await amountOf(request, doomed, ports)),
    onlyHidden: onlyHides(versioning, pruneNoncurrent),
  };
  for (const line of planLines(report)) log.info(line);
  return report;
}

/** What is locked stays, in a dry run as in earnest. */
async function removable(
  doomed: readonly VersionFacts[],
  versioning: Versioning,
  { keys }: PruneRequest,
  { store }: CommandPorts,
) {
  const tally = new PruneTally();
  const free = canBeLocked(versioning) ? await withoutLocked(store, keys, doomed, tally) : doomed;
  return { removed: free.map(({ id }) => id), skipped: tally.skipped };
}

async function amountOf({ keys }: PruneRequest, doomed: readonly Doomed[], { store }: CommandPorts) {
  let deletedObjects = 0;
  let deletedBytes = 0;
  for (const { id, documents } of doomed) {
    deletedObjects += documents;
    for await (const { size } of store.list(keys.dataPrefix(id))) {
      deletedObjects += 1;
      deletedBytes += size;
    }
  }
  return { deletedObjects, deletedBytes };
}
