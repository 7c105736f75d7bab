import { plannedOutputLine, plannedUploadLine } from '../../report/log-lines.ts';
import type { VersionFacts } from '../../retention/types.ts';
import type { Selection } from '../../selection/types.ts';
import { nextNumber } from '../../series/catalogue.ts';
import type { VersionType } from '../../series/model.ts';
import { formatVersionId } from '../../series/version-id.ts';
import { packedBelow } from '../../transfer/layout.ts';
import type { CommandPorts } from '../ports.ts';
import { plannedBase } from './base.ts';
import type { Catalogue } from './claim.ts';
import type { Outcome } from './outcome.ts';
import { previewStep } from './prune-step.ts';
import type { BackupRequest } from './request.ts';

/** A dry run: the same plan, and nothing changed. */
export async function planVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<Outcome> {
  const { log } = ports;
  await log.step('Plan the upload', async () => {
    const below = packedBelow(request, selection.small.files);
    for await (const entry of selection.entries()) {
      const size = entry.type === 'file' ? entry.size : 0;
      log.info(plannedUploadLine({ path: entry.path, size }, size < below));
    }
    if (request.output !== undefined) log.info(plannedOutputLine(request.output.path));
  });
  const { largest, skipped, totals } = selection;
  const version = plannedVersion(request, catalogue, ports);
  const versions = [...catalogue.versions, { ...version, tags: request.tags }];
  const prune = await previewStep(request, versions, version.id, catalogue, ports);
  const files = totals.files + (request.output === undefined ? 0 : 1);
  return { version, largest, skipped, totals: { ...totals, files }, sentBytes: 0, prune };
}

function plannedVersion(request: BackupRequest, catalogue: Catalogue, ports: CommandPorts): VersionFacts {
  const planned = plannedBase(request, catalogue, ports);
  const type: VersionType = 'base' in planned ? 'incremental' : 'full';
  const parts = {
    series: request.keys.location.series,
    type,
    time: ports.store.now(),
    number: nextNumber(catalogue.versions, catalogue.claims),
  };
  return { id: formatVersionId(parts), number: parts.number, type: parts.type, time: parts.time };
}
