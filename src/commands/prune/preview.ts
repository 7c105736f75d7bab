import { planLines } from '../../report/plan.ts';
import type { PruneReport } from '../../report/types.ts';
import { doomedVersions } from '../../retention/plan.ts';
import type { Pin, VersionFacts } from '../../retention/types.ts';
import { onlyHides } from '../../series/prune.ts';
import { claimReader } from '../../series/prune-claims.ts';
import { type PrunePreview, previewPrune } from '../../series/prune-preview.ts';
import type { CommandPorts } from '../ports.ts';
import { emptyReport, stoppedReport } from './apply.ts';
import { type PrunePlan, planPrune } from './plan.ts';
import type { PruneRequest } from './request.ts';

export interface Further {
  /** As a prune by itself does, which has time for what is rare. */
  readonly sweepsUploads?: boolean;
  /** ID of the one of the versions that is not there yet. */
  readonly planned?: string;
  /** ID of the version that one would build on. Where it is to go, what would still be needed of it is not known. */
  readonly base?: string;
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
  further: Further = {},
): Promise<PruneReport> {
  const { store, log } = ports;
  const planned = await planPrune(request, versions, pins, () => store.versioning(), ports);
  const { plan, stop } = planned;
  const report = stop === undefined ? await expected(request, planned, ports, further) : stoppedReport(plan, stop);
  for (const line of planLines(report)) log.info(line);
  return report;
}

async function expected(
  request: PruneRequest,
  { plan, versioning }: PrunePlan,
  ports: CommandPorts,
  further: Further,
): Promise<PruneReport> {
  const { keys, retention } = request;
  const { store, log, temporaryDirectory } = ports;
  const { abandonedAfterMs, pruneNoncurrent } = retention;
  const removed = doomedVersions(plan);
  const readClaim = claimReader(store);
  // Not asked for the plan where no version goes, though what killed runs left may.
  const asked = removed.length > 0 ? async () => versioning : () => store.versioning();
  const erases = pruneNoncurrent && (await asked()) !== 'off';
  const { base, ...toLookAt } = further;
  const look = { store, keys, plan, abandonedAfterMs, readClaim, temporaryDirectory, erases, ...toLookAt };
  const { leftovers, objects, bytes, uploads, warnings } = await previewPrune(look, removed);
  for (const warning of warnings) log.warn(warning);
  return {
    ...emptyReport(plan),
    outcome: 'planned',
    removed: removed.map(({ id }) => id),
    abandoned: leftovers.filter(({ kind }) => kind === 'abandoned').map(({ id }) => id),
    deletedObjects: objects + removed.length + claimsOf(leftovers),
    deletedBytes: bytes,
    ...(removed.some(({ id }) => id === base) && { isAtMost: true as const }),
    ...(uploads && { uploads }),
    onlyHidden: objects > 0 && !pruneNoncurrent && onlyHides(await asked(), pruneNoncurrent),
  };
}

/** A claim goes with the last of the data. */
function claimsOf(leftovers: PrunePreview['leftovers']): number {
  return leftovers.reduce((sum, { claims, isPartlyNeeded }) => sum + (isPartlyNeeded ? 0 : claims.length), 0);
}
