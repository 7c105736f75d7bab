import type { Decision } from '../retention/types.ts';
import { alignedLines, type Column } from './columns.ts';
import type { PruneReport } from './types.ts';
import { bytes, count, timestamp } from './units.ts';
import { logSafe } from './visible.ts';

/** What becomes of a version; `not removed`: the policy dooms it, but it is still there. */
export type Fate = 'kept' | 'removed' | 'would be removed' | 'not removed';

/** One version in the plan, as the log and the summary show it. Plain text from here on. */
export interface PlanRow {
  readonly number: string;
  readonly time: string;
  readonly type: string;
  readonly fate: Fate;
  /** `last 3 of 14, pinned` */
  readonly why: string;
}

/** A decision, and what came of it. */
export interface DecisionWithFate {
  readonly decision: Decision;
  readonly fate: Fate;
  /** Of the policy, or what stood in its way. */
  readonly reasons: readonly string[];
}

/** Newest first, one per version. */
export function fates(prune: PruneReport): DecisionWithFate[] {
  const removed = new Set(prune.removed);
  const skipped = new Map(prune.skipped.map(({ id, reason }) => [id, reason]));
  return prune.decisions.map((decision) => {
    const fate = fateOf(decision, prune, removed);
    return { decision, fate, reasons: reasonsOf(decision, fate, skipped.get(decision.version.id)) };
  });
}

/** Newest first, one row per version. */
export function planRows(prune: PruneReport): PlanRow[] {
  return fates(prune).map(({ decision, fate, reasons }) => ({ ...factsOf(decision), fate, why: reasons.join(', ') }));
}

/** How many versions the policy keeps; what it dooms but could not be removed is not among them. */
export function keptCount({ decisions }: PruneReport): number {
  return decisions.filter(({ keep }) => keep).length;
}

/** `up to 5 objects, 20 MiB, hidden only`: what was deleted with the versions that go, or would be. */
export function deletedAmount({ deletedObjects, deletedBytes, isAtMost, onlyHidden }: PruneReport): string {
  const objects = `${isAtMost ? 'up to ' : ''}${count(deletedObjects, 'object')}`;
  return `${objects}, ${bytes(deletedBytes)}${onlyHidden && deletedObjects > 0 ? ', hidden only' : ''}`;
}

function factsOf({ version }: Decision): Pick<PlanRow, 'number' | 'time' | 'type'> {
  return { number: String(version.number), time: timestamp(version.time), type: version.type };
}

function fateOf(decision: Decision, prune: PruneReport, removed: ReadonlySet<string>): Fate {
  if (decision.keep) return 'kept';
  if (!removed.has(decision.version.id)) return 'not removed';
  return prune.outcome === 'planned' ? 'would be removed' : 'removed';
}

function reasonsOf({ reasons }: Decision, fate: Fate, obstacle: string | undefined): readonly string[] {
  return fate === 'not removed' && obstacle !== undefined ? [obstacle] : reasons;
}

const PLAN_COLUMNS: readonly Column<PlanRow>[] = [
  { cell: ({ number }) => number, align: 'right' },
  { cell: ({ time }) => time },
  { cell: ({ type }) => type },
  { cell: ({ fate }) => fate },
  { cell: ({ why }) => why },
];

/** The plan as lines with aligned columns, safe for the log. */
export function planLines(prune: PruneReport): string[] {
  return alignedLines(planRows(prune), PLAN_COLUMNS).map((line) => logSafe(`version ${line}`));
}
