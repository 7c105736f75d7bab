import type { PathStyle } from '../selection/paths.ts';
import { pathProblem as segmentProblem } from '../store/object-key.ts';
import { windowsNameProblem } from './windows-names.ts';

/** `NAME_MAX` of the file systems in use; a few count characters instead, and allow more. */
const MAX_NAME_BYTES = 255;
/** `PATH_MAX` of Linux less the NUL at the end. Windows and macOS take less, and say so themselves. */
export const MAX_PATH_BYTES = 4095;

/**
 * Why a stored path cannot be one of a backup, whatever kind of machine made it.
 *
 * @param path as it stands in the index: hostile text
 * @returns reads on after a colon; undefined for a path that stays below any directory it is put in, if {@link nameProblem}
 * has none with it either
 */
export function pathProblem(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is absolute';
  // The rules for parts of keys refuse '', '.', '..', NUL and what is no Unicode.
  return segmentProblem(path) ?? lengthProblem(path);
}

/**
 * Why the names of a path cannot be had on this kind of machine, or would be others there.
 *
 * @param path without a {@link pathProblem}
 * @returns reads on after a colon
 */
export function nameProblem(path: string, style: PathStyle): string | undefined {
  const problemOf = style.separator === '\\' ? windowsNameProblem : posixNameProblem;
  return path
    .split('/')
    .map(problemOf)
    .find((found) => found !== undefined);
}

/** @param path of an entry, or an absolute one */
export function lengthProblem(path: string): string | undefined {
  return Buffer.byteLength(path) > MAX_PATH_BYTES ? `its path has more than ${MAX_PATH_BYTES} bytes` : undefined;
}

function posixNameProblem(name: string): string | undefined {
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? `it has a name of more than ${MAX_NAME_BYTES} bytes` : undefined;
}

/** The path without its first segments; undefined where nothing is left of it. */
export function strippedPath(path: string, components: number): string | undefined {
  if (components === 0) return path;
  const segments = path.split('/');
  return segments.length > components ? segments.slice(components).join('/') : undefined;
}
