import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { codeOf } from '../errors.ts';
import { startFailure } from './failure.ts';
import type { ProgramCall } from './program.ts';

const IS_WINDOWS = process.platform === 'win32';

/** What a system looks in without a `PATH` (`_PATH_DEFPATH` of glibc, musl and macOS together). */
const DEFAULT_PATH = IS_WINDOWS ? '' : '/usr/local/bin:/usr/bin:/bin';

/** What is started without a shell on Windows: the name itself, or with one of these (libuv, `search_path`). */
const SUFFIXES = IS_WINDOWS ? ['', '.com', '.exe'] : [''];

/**
 * Looks whether a program is where the system will look for it, so that nothing is begun for one that is not.
 * @throws BackupError of class `local`, the one that starting it would end with
 */
export async function findProgram({ file, directory, variables, name }: ProgramCall): Promise<void> {
  let problem = 'ENOENT';
  for (const path of candidates(file, directory, variables)) {
    const found = await problemOf(path);
    if (found === undefined) return;
    if (found === 'EACCES') problem = found;
  }
  throw startFailure(Object.assign(new Error(`spawn ${file} ${problem}`), { code: problem }), name);
}

/** Absolute paths, as `execvp` tries them: a name with a slash is a path, any other is looked up in `PATH`. */
function candidates(file: string, directory: string, variables: ProgramCall['variables']): string[] {
  if (file === '') return [];
  const isPath = (IS_WINDOWS ? /[\\/:]/ : /\//).test(file);
  const places = isPath ? [''] : placesOf(variables);
  const names = SUFFIXES.map((suffix) => `${file}${suffix}`);
  // As a list: a call with the parts spelled out makes ncc look for such files on the whole disk.
  return places.flatMap((place) => names.map((name) => resolve(...[directory, place, name])));
}

/** An empty one is the current directory, where Windows looks in any case. */
function placesOf(variables: ProgramCall['variables']): string[] {
  const isPath = (name: string) => (IS_WINDOWS ? name.toUpperCase() : name) === 'PATH';
  const [, path = DEFAULT_PATH] = Object.entries(variables).find(([name]) => isPath(name)) ?? [];
  return [...(IS_WINDOWS ? [''] : []), ...path.split(delimiter)];
}

/** @returns the system's code, or undefined for a file that may be run */
async function problemOf(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return 'EACCES';
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
