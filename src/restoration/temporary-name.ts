import { hash, randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { childPath, HERE } from '../selection/paths.ts';
import { foldedName } from './folded-name.ts';

/**
 * How the name is found that a file has until it is complete. `by-name`: from its final one, so that a restore comes upon
 * what a killed one has left of the same file; `random`: another each time, see {@link looksTemporary}.
 */
export type TemporaryNaming = 'by-name' | 'random';

/** Hex digits of a SHA-256, or of a UUID. */
const DIGITS = 32;
const TEMPORARY_NAME = new RegExp(`^\\.restore-[0-9a-f]{${DIGITS}}\\.tmp$`);
/** Tells most paths off without taking them apart: what folds to ASCII from other characters is looked at. */
const MAY_LOOK_TEMPORARY = /[^\0-\x7f]|restore-/i;

/** A name beside `path`, absolute. */
export function temporaryName(path: string, naming: TemporaryNaming): string {
  const digits =
    naming === 'random' ? randomUUID().replaceAll('-', '') : hash('sha256', basename(path)).slice(0, DIGITS);
  return childPath(dirname(path), `.restore-${digits}.tmp`, HERE);
}

/**
 * Whether a path of a version has a name in it like those of temporary files. In such a version an entry could lie where
 * another is to be written first, and would be taken for what a killed restore has left: its files get random names.
 *
 * @param path POSIX: hostile text
 */
export function looksTemporary(path: string): boolean {
  return MAY_LOOK_TEMPORARY.test(path) && path.split('/').some((name) => TEMPORARY_NAME.test(foldedName(name)));
}
