import { doomedVersions } from './plan.ts';
import type { RetentionPlan } from './types.ts';

/** How far two machines of a store may disagree about the time. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

/** As many versions as one prune may remove. */
export type MaxDelete =
  | { readonly kind: 'versions'; readonly count: number }
  /** Of all versions there are, rounded down, but at least one. */
  | { readonly kind: 'percent'; readonly percent: number };

/**
 * Why a plan must not be carried out, not even in part: a version that is dated in the future, by which nothing can be
 * measured, or more removals than were allowed.
 *
 * @param now the store's clock
 * @returns a sentence with the remedy; undefined for a plan that may be carried out
 */
export function stopReason(plan: RetentionPlan, maxDelete: MaxDelete, now: Date): string | undefined {
  return futureProblem(plan, now) ?? amountProblem(plan, maxDelete);
}

function futureProblem({ decisions }: RetentionPlan, now: Date): string | undefined {
  const limit = now.getTime() + FUTURE_TOLERANCE_MS;
  const ahead = decisions.map(({ version }) => version).filter(({ time }) => time.getTime() > limit);
  const [first] = ahead;
  if (first === undefined) return undefined;
  const [verb, more] = ahead.length === 1 ? ['is', ''] : ['and others are', ` (${ahead.length} in all)`];
  return (
    `Nothing was pruned: ${first.id} ${verb} dated in the future${more}, by the store's clock it is ${iso(now)}: ` +
    'find out who wrote it, and delete its record if it is no backup of yours.'
  );
}

function amountProblem(plan: RetentionPlan, maxDelete: MaxDelete): string | undefined {
  const total = plan.decisions.length;
  const doomed = doomedVersions(plan).length;
  const allowed = allowedRemovals(maxDelete, total);
  if (doomed <= allowed) return undefined;
  return (
    `Nothing was pruned: ${doomed} of ${total} versions would be removed, and max-delete (${maxDeleteText(maxDelete)}) ` +
    `allows ${allowed}: look at the plan, and if it is right set max-delete to ${doomed} for one run.`
  );
}

/** How many of `total` versions may go in one prune. */
export function allowedRemovals(maxDelete: MaxDelete, total: number): number {
  if (maxDelete.kind === 'versions') return maxDelete.count;
  return Math.max(1, Math.floor((total * maxDelete.percent) / 100));
}

function maxDeleteText(maxDelete: MaxDelete): string {
  return maxDelete.kind === 'versions' ? String(maxDelete.count) : `${maxDelete.percent}%`;
}

function iso(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}
