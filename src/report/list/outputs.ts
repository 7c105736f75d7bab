import { requestCount } from '../outputs.ts';
import type { PathSample } from '../types.ts';
import type { ListReport, VersionName } from './types.ts';

/**
 * Of one JSON array. GitHub allows 1 MB for the outputs of a job, and Linux 128 KiB for an environment variable, by which
 * scripts should take an output (GitHub Docs, "Security hardening", script injections).
 */
export const OUTPUT_LIMIT_BYTES = 100_000;

/** In the order of list/action.yml. */
export const LIST_OUTPUT_NAMES = [
  'kind',
  'series',
  'versions',
  'entries',
  'changes',
  'difference',
  'count',
  'truncated',
  'file',
  'requests',
  'duration-ms',
] as const;

type Outputs = Record<(typeof LIST_OUTPUT_NAMES)[number], string>;

/** Arrays of other kinds than the one that was listed are empty texts. */
export function listOutputs(report: ListReport): Outputs {
  const { kind, items } = report;
  return {
    kind,
    series: '',
    versions: '',
    entries: '',
    changes: '',
    difference: kind === 'changes' ? JSON.stringify(differenceOf(report)) : '',
    [kind]: JSON.stringify(items.first),
    count: String(items.count),
    truncated: String(items.first.length < items.count),
    file: items.file,
    requests: String(requestCount(report.requests)),
    'duration-ms': String(Math.round(report.durationMs)),
  };
}

function differenceOf({ from, to, difference }: Extract<ListReport, { kind: 'changes' }>) {
  const { added, changed, removed, unchanged } = difference;
  return {
    from: versionName(from),
    to: versionName(to),
    added: amountOf(added),
    changed: amountOf(changed),
    removed: amountOf(removed),
    unchanged: amountOf(unchanged),
  };
}

export function versionName({ number, id, time }: { number: number; id: string; time: Date }): VersionName {
  return { number, id, time: time.toISOString() };
}

function amountOf({ count, bytes }: Pick<PathSample, 'count' | 'bytes'>) {
  return { count, bytes };
}
