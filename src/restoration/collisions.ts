import { SEGMENT_SEPARATOR } from './collision-key.ts';
import { refusedEntry } from './refusal.ts';
import type { Placed } from './types.ts';

/**
 * Passes entries through, and stops at two that would be one file, or of which one would have to be both a file (or a
 * link) and a directory. One look back is enough: all that is below a path follows right behind it.
 *
 * @param sorted by key
 * @throws BackupError of class `permanent` that names both
 */
export async function* withoutCollisions(sorted: AsyncIterable<Placed>): AsyncGenerator<Placed> {
  let previous: Placed | undefined;
  for await (const placed of sorted) {
    if (previous !== undefined) checkPair(previous, placed);
    previous = placed;
    yield placed;
  }
}

function checkPair(previous: Placed, placed: Placed): void {
  const isBelow = previous.entry.type !== 'directory' && placed.key.startsWith(previous.key + SEGMENT_SEPARATOR);
  if (!isBelow && placed.key !== previous.key) return;
  const other = JSON.stringify(previous.entry.path);
  const problem = isBelow
    ? `${other} would have to be a directory, but is a ${previous.entry.type}`
    : `in the target it would be the same as ${other}`;
  throw refusedEntry(placed.entry.path, problem, COLLISION_HINT);
}

const COLLISION_HINT =
  'Restore them one after the other with `path`, into different targets; a lower `strip-components`, or a file system that tells names apart, keeps them apart too.';
