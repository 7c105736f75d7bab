import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf, InputError } from '../errors.ts';
import { isMissing, localError } from './local-error.ts';

/** A root in both spellings. */
export interface Root {
  /** Absolute, symbolic links resolved. */
  readonly real: string;
  /** Absolute, as the user named it. */
  readonly given: string;
}

/**
 * Finds the directory that paths are relative to. If it is a link it is resolved once, here; below it none is.
 *
 * @throws InputError if it is not there or not a directory
 * @throws BackupError of class `local` if it cannot be looked at
 */
export async function resolveRoot(root: string, workspace: string): Promise<Root> {
  const given = resolve(workspace, root);
  try {
    const real = await realpath(given);
    if ((await stat(real)).isDirectory()) return { real, given };
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw unusable(given, 'is a symbolic link to itself', error);
    if (!isMissing(error)) throw localError('read root', given, error, 'give this job the right to read it');
    throw unusable(given, 'does not exist', error);
  }
  throw unusable(given, 'is not a directory');
}

function unusable(root: string, problem: string, cause?: unknown): InputError {
  const message = `The root ${JSON.stringify(root)} ${problem}; set 'root' to an existing directory, such as the workspace.`;
  return new InputError('root', message, { cause });
}
