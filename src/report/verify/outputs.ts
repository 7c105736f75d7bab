import { requestCount } from '../outputs.ts';
import type { VerifyReport } from './types.ts';

/** In the order of verify/action.yml. */
export const VERIFY_OUTPUT_NAMES = [
  'ok',
  'versions',
  'checked-objects',
  'checked-bytes',
  'not-comparable',
  'damaged',
  'damaged-count',
  'damaged-file',
  'requests',
  'duration-ms',
] as const;

/** Set whether or not anything is damaged. */
export function verifyOutputs(report: VerifyReport): Record<(typeof VERIFY_OUTPUT_NAMES)[number], string> {
  const { versions, checked, damaged } = report;
  return {
    ok: String(isOk(report)),
    versions: JSON.stringify(versions.map(({ version }) => version.id)),
    'checked-objects': String(checked.objects),
    'checked-bytes': String(checked.bytes),
    'not-comparable': String(report.notComparable),
    damaged: JSON.stringify(damaged.first),
    'damaged-count': String(damaged.count),
    'damaged-file': damaged.file,
    requests: String(requestCount(report.requests)),
    'duration-ms': String(Math.round(report.durationMs)),
  };
}

/** Nothing is damaged, and the newest version is young enough. */
export function isOk({ damaged, staleness }: Pick<VerifyReport, 'damaged' | 'staleness'>): boolean {
  return damaged.count === 0 && staleness === undefined;
}
