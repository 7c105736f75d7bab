import { remaining, requestCount } from '../outputs.ts';
import { planOutput } from '../plan-output.ts';
import type { PruneCommandReport } from '../types.ts';

/** In the order of prune/action.yml. */
export const PRUNE_OUTPUT_NAMES = [
  'pruned',
  'kept',
  'plan',
  'abandoned',
  'deleted-objects',
  'deleted-bytes',
  'requests',
  'duration-ms',
] as const;

/** What was done, also where the prune stopped half-way. */
export function pruneOutputs(report: PruneCommandReport): Record<(typeof PRUNE_OUTPUT_NAMES)[number], string> {
  const { prune } = report;
  return {
    pruned: JSON.stringify(prune.removed),
    kept: JSON.stringify(remaining(prune)),
    plan: planOutput(prune),
    abandoned: JSON.stringify(prune.abandoned),
    'deleted-objects': String(prune.deletedObjects),
    'deleted-bytes': String(prune.deletedBytes),
    requests: String(requestCount(report.requests)),
    'duration-ms': String(Math.round(report.durationMs)),
  };
}
