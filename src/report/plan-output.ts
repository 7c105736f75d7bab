import { type Fate, fates } from './plan.ts';
import type { PruneReport } from './types.ts';

/**
 * Bytes of the array. GitHub allows 1 MB for the outputs of a job, and Linux 128 KiB for an environment variable, by
 * which scripts should take an output.
 */
const PLAN_LIMIT_BYTES = 100_000;

/** One version in the output `plan`. */
interface PlanItem {
  readonly number: number;
  readonly id: string;
  /** RFC 3339 */
  readonly time: string;
  readonly decision: Fate;
  readonly reasons: readonly string[];
}

/** The plan as a JSON array, newest first; of a very long one what fits. */
export function planOutput(prune: PruneReport): string {
  const texts: string[] = [];
  let bytes = '[]'.length;
  for (const { decision, fate, reasons } of fates(prune)) {
    const { id, number, time } = decision.version;
    const item: PlanItem = { number, id, time: time.toISOString(), decision: fate, reasons };
    const text = JSON.stringify(item);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > PLAN_LIMIT_BYTES) break;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
}
