import { pruneLines } from '../log-lines.ts';
import type { PruneCommandReport } from '../types.ts';
import { logSafe } from '../visible.ts';

/** The last lines of the log of a prune. Safe for the log. */
export function pruneCommandLines({ prune, dryRun }: PruneCommandReport): string[] {
  const done = dryRun ? 'would be cleaned up' : 'cleaned up';
  return [
    ...(dryRun ? ['Dry run, nothing was changed'] : []),
    ...pruneLines(prune),
    ...prune.abandoned.map((id) => logSafe(`Left behind by a killed run, ${done}: ${id}`)),
  ];
}
