import { InputError } from '../errors.ts';
import { parsePatterns } from '../selection/parse-patterns.ts';
import { POSIX } from '../selection/paths.ts';
import { locationOf } from '../selection/pattern.ts';
import type { Entry } from '../series/model.ts';

/** Tells whether an entry is to be restored. */
export type Chooser = (entry: Pick<Entry, 'path' | 'type'>) => boolean;

/**
 * Patterns mean for the paths of a version what they mean for files in a backup, with the root of the version as the
 * directory they start at: the last match wins, and a directory stands for all below it. What was stored was chosen
 * once, so hidden files and credentials need no naming here. Patterns that only exclude leave all others.
 *
 * @param patterns lines of the input `path`; none of them: everything
 * @throws InputError for a pattern that cannot be one
 */
export async function entryChooser(patterns: readonly string[]): Promise<Chooser> {
  const base = { root: '/', rootAsGiven: '/', home: noHome, style: POSIX };
  const parsed = await parsePatterns(patterns, base);
  const isChosenByDefault = parsed.every(({ negate }) => negate);
  return ({ path, type }) => {
    const location = locationOf(['', ...path.split('/')]);
    const last = parsed.findLast((pattern) => pattern.matches(location, type));
    return last === undefined ? isChosenByDefault : !last.negate;
  };
}

function noHome(): never {
  throw new InputError(
    'path',
    "The input `path` has a pattern that starts with `~`, but a version has no home directory: write the path as it is stored, relative to the backup's root.",
  );
}
