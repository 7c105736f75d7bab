import { absolutePathOf } from '../selection/paths.ts';
import type { Entry, FileEntry } from '../series/model.ts';
import { parseMtime } from '../series/mtime.ts';
import { collisionKey } from './collision-key.ts';
import { lengthProblem, nameProblem, pathProblem, strippedPath } from './destination.ts';
import { leavesTarget, linkTextProblem } from './link-target.ts';
import { protectionProblem } from './protected-places.ts';
import { hostileEntry, refusedEntry } from './refusal.ts';
import type { Placed, RestoreRules, TargetDirectory } from './types.ts';

/** Why the object of a file cannot be the one it was stored in: reads on after a colon. */
export type ObjectCheck = (entry: FileEntry) => string | undefined;

/**
 * Checks that an entry is one that a backup can have written: path, link text, time and, of a file, the key of its object.
 * Pure.
 *
 * @param objectProblem why a file's object is not of the data the version is made of; reads on after a colon
 * @throws BackupError with code DAMAGED that names the entry
 */
export function checkEntry(entry: Entry, objectProblem: ObjectCheck): void {
  const problem = pathProblem(entry.path) ?? contentProblem(entry, objectProblem);
  if (problem !== undefined) throw hostileEntry(entry.path, problem);
}

function contentProblem(entry: Entry, objectProblem: ObjectCheck): string | undefined {
  if (parseMtime(entry.mtime) === undefined) return `its time is ${JSON.stringify(entry.mtime.slice(0, 40))}`;
  if (entry.type === 'symlink') return linkTextProblem(entry.target);
  return entry.type === 'directory' ? undefined : objectProblem(entry);
}

/**
 * Where a checked entry goes. Pure.
 *
 * @returns undefined where `strip-components` leaves nothing of its path
 * @throws BackupError of class `permanent` for a place it must not go to, and for a link that could lead out
 */
export function placeEntry(entry: Entry, rules: RestoreRules, target: TargetDirectory): Placed | undefined {
  const path = strippedPath(entry.path, rules.stripComponents);
  if (path === undefined) return undefined;
  const unnameable = nameProblem(path, target.style);
  if (unnameable !== undefined) throw refusedEntry(entry.path, unnameable, NAME_HINT);
  const tooLong = lengthProblem(absolutePathOf(target.path, path, target.style));
  if (tooLong !== undefined)
    throw refusedEntry(entry.path, `in the target ${tooLong}`, 'Choose a `target` nearer to the root.');
  const isProtected = protectionProblem(path, entry.type, target.places);
  if (isProtected !== undefined) throw refusedEntry(entry.path, isProtected, PROTECTED_HINT);
  if (entry.type === 'symlink' && rules.links === 'refuse') {
    const problem = leavesTarget(path, entry.target, target.style);
    if (problem !== undefined) {
      throw refusedEntry(entry.path, `it is a link to ${JSON.stringify(entry.target)}, and ${problem}`, LINK_HINT);
    }
  }
  return { key: collisionKey(path, target.traits), path, entry };
}

const NAME_HINT = 'Leave it out with a `!` line in `path`, or restore it on a system that has such names.';
const PROTECTED_HINT =
  'Leave it out with a `!` line in `path`, or set `target`: to an empty or new directory other than the workspace, or to the directory it belongs to.';
const LINK_HINT = 'Leave it out with a `!` line in `path`, or set `links: keep` if you trust the series.';
