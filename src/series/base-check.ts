import { BackupError } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { SeriesKeys } from './keys.ts';

/**
 * Looks whether the version a new one builds on is still there. What that one leans on needs no look of its own: a prune
 * keeps it as long as the record that refers to it is there.
 *
 * @param versions listed after the claim that names the base was written: a pruner deletes records first and looks at
 *   the claims then, so one of the two sees the other
 * @throws BackupError of class `lost-race` if it is gone
 */
export function checkBase(versions: readonly VersionFacts[], base: string, keys: SeriesKeys): void {
  if (versions.some(({ id }) => id === base)) return;
  throw new BackupError(`The version ${base}, which this one was to build on, was pruned meanwhile.`, {
    class: 'lost-race',
    operation: 'check base',
    key: keys.record(base),
    hint: 'Run the backup again; it builds on the newest version.',
  });
}
