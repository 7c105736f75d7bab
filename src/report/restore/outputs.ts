import { requestCount } from '../outputs.ts';
import type { RestoreReport } from './types.ts';

/** In the order of restore/action.yml. */
export const RESTORE_OUTPUT_NAMES = [
  'found',
  'version',
  'version-id',
  'target',
  'files',
  'bytes',
  'requests',
  'duration-ms',
] as const;

/** Where nothing was found, what was not found is empty. */
export function restoreOutputs(report: RestoreReport): Record<(typeof RESTORE_OUTPUT_NAMES)[number], string> {
  const { version, restored } = report;
  return {
    found: String(restored !== undefined),
    version: version === undefined ? '' : String(version.number),
    'version-id': version?.id ?? '',
    target: restored?.target ?? '',
    files: String(restored?.totals.files ?? 0),
    bytes: String(restored?.totals.bytes ?? 0),
    requests: String(requestCount(report.requests)),
    'duration-ms': String(Math.round(report.durationMs)),
  };
}
