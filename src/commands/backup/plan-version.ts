import {
  furtherPlanLines,
  MAX_PLANNED_LINES,
  plannedOutputLine,
  plannedUploadLine,
  uncomparedLines,
} from '../../report/planned-uploads.ts';
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

/** A dry run: the same plan, and nothing changed. What a base has already is not known, as no file is read. */
export async function planVersion(
  request: BackupRequest,
  selection: Selection,
  catalogue: Catalogue,
  ports: CommandPorts,
): Promise<Outcome> {
  const planned = plannedBase(request, catalogue, ports);
  const base = 'base' in planned ? planned.base : undefined;
  await ports.log.step('Plan the upload', () => sayUploads(request, selection, base, ports));
  const { largest, skipped, totals } = selection;
  const version = plannedVersion(request, catalogue, base === undefined ? 'full' : 'incremental', ports);
  const versions = [...catalogue.versions, { ...version, tags: request.tags }];
  const further = { planned: version.id, ...(base && { base: base.id }) };
  const prune = await previewStep(request, versions, further, catalogue, ports);
  const files = totals.files + (request.output === undefined ? 0 : 1);
  const outcome = { version, largest, skipped, totals: { ...totals, files }, sentBytes: 0, prune };
  return base === undefined ? outcome : { ...outcome, buildsOn: base.number };
}

async function sayUploads(
  request: BackupRequest,
  selection: Selection,
  base: VersionFacts | undefined,
  { log }: CommandPorts,
): Promise<void> {
  for (const line of uncomparedLines(base)) log.info(line);
  const below = packedBelow(request, selection.small.files);
  let shown = 0;
  for await (const entry of selection.entries()) {
    if (entry.type !== 'file') continue;
    log.info(plannedUploadLine(entry, entry.size < below));
    shown += 1;
    if (shown === MAX_PLANNED_LINES) break;
  }
  for (const line of furtherPlanLines(selection.totals)) log.info(line);
  if (request.output !== undefined) log.info(plannedOutputLine(request.output.path));
}

function plannedVersion(
  request: BackupRequest,
  catalogue: Catalogue,
  type: VersionType,
  ports: CommandPorts,
): VersionFacts {
  const parts = {
    series: request.keys.location.series,
    type,
    time: ports.store.now(),
    number: nextNumber(catalogue.versions, catalogue.claims),
  };
  return { id: formatVersionId(parts), number: parts.number, type: parts.type, time: parts.time };
}
