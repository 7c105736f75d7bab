import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { doomedVersions } from '../../retention/plan.ts';
import type { Pin, VersionFacts } from '../../retention/types.ts';
import { onlyHides, previewAbandoned } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import type { CommandPorts } from '../ports.ts';
import { emptyReport, stoppedReport } from './apply.ts';
import { type PrunePlan, planPrune } from './plan.ts';
import type { PruneRequest } from './request.ts';

/** What is pruned: data below the ID, and documents (record, claims) beside it. */
interface Doomed {
  readonly id: string;
  readonly documents: number;
}

/**
 * What applying the policy would do, and clean up. Changes nothing.
 * @param versions of the series, also one that is only planned
 * @throws InputError for a tag that no version has
 */
export async function previewPolicy(
  request: PruneRequest,
  versions: readonly VersionFacts[],
  pins: readonly Pin[],
  ports: CommandPorts,
): Promise<PruneReport> {
  const { store, log } = ports;
  const planned = await planPrune(request, versions, pins, () => store.versioning(), ports);
  const { plan, stop } = planned;
  const report = stop === undefined ? await expected(request, planned, ports) : stoppedReport(plan, stop);
  for (const line of planLines(report)) log.info(line);
  return report;
}

async function expected(
  request: PruneRequest,
  { plan, versioning }: PrunePlan,
  ports: CommandPorts,
): Promise<PruneReport> {
  const { keys, retention } = request;
  const { store } = ports;
  const { abandonedAfterMs, pruneNoncurrent } = retention;
  const removed = doomedVersions(plan).map(({ id }) => id);
  const abandoned = await previewAbandoned({ store, keys, plan, abandonedAfterMs, readClaim: claimReader(store) });
  const doomed = [
    ...removed.map((id) => ({ id, documents: 2 })),
    ...[...abandoned].map(([id, claims]) => ({ id, documents: claims.length })),
  ];
  return {
    ...emptyReport(plan),
    outcome: 'planned',
    removed,
    abandoned: [...abandoned.keys()],
    ...(await amountOf(request, doomed, ports)),
    onlyHidden: onlyHides(versioning, pruneNoncurrent),
  };
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
