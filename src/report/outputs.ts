import { planOutput } from './plan-output.ts';
import type { BackupReport, PruneReport, RequestCounts } from './types.ts';

/** What the output `pruned` says instead of a list when the prune failed. */
export const PRUNE_FAILED = 'failed';

/** In the order of action.yml. */
export const OUTPUT_NAMES = [
  'version',
  'version-id',
  'record-key',
  'uri',
  'files',
  'bytes',
  'uploaded-bytes',
  'resumed-bytes',
  'requests',
  'duration-ms',
  'pruned',
  'kept',
  'plan',
] as const;

/** The outputs that action.yml declares, by their names there. A dry run gives the version that would have been. */
export function outputsOf({
  version,
  location,
  totals,
  requests,
  prune,
  ...report
}: BackupReport): Record<(typeof OUTPUT_NAMES)[number], string> {
  return {
    version: String(version.number),
    'version-id': version.id,
    'record-key': location.recordKey,
    uri: location.uri,
    files: String(totals.files),
    bytes: String(totals.bytes),
    'uploaded-bytes': String(report.uploadedBytes),
    'resumed-bytes': String(report.resumed?.bytes ?? 0),
    requests: String(requestCount(requests)),
    'duration-ms': String(Math.round(report.durationMs)),
    pruned: prune.outcome === 'failed' ? PRUNE_FAILED : JSON.stringify(prune.removed),
    kept: JSON.stringify(remaining(prune)),
    plan: planOutput(prune),
  };
}

export function requestCount({ writes, reads, free }: RequestCounts): number {
  return writes + reads + free;
}

/** Newest first; what the policy dooms but could not be removed remains too. */
export function remaining({ decisions, removed }: PruneReport): string[] {
  const gone = new Set(removed);
  return decisions.map(({ version }) => version.id).filter((id) => !gone.has(id));
}
