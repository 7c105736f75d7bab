import { BackupError, DAMAGED } from '../errors.ts';
import { PackProblem } from '../pack/problem.ts';

/** How to get the rest of a version of which a file is damaged. */
export const LEAVE_OUT_HINT =
  'To get the rest of this one, leave the file out by the lines `**` and `!<its path>` of `path`.';

const HINT = `The version is damaged: verify the series to see which others are, and restore an older or newer one. ${LEAVE_OUT_HINT}`;

/** The error for an object that is not what its entry says. */
export function damaged(key: string, expected: string, found: string): BackupError {
  return new BackupError(`The object ${JSON.stringify(key)} is not what its entry says.`, {
    class: 'permanent',
    operation: 'GetObject',
    key,
    code: DAMAGED,
    expected,
    found,
    hint: HINT,
  });
}

/**
 * The error for what is wrong inside of an object.
 * @param path of the entry it was read for; hostile text
 */
export function damagedInside(key: string, problem: PackProblem, path?: string): BackupError {
  const subject =
    path === undefined
      ? `The object ${JSON.stringify(key)}`
      : `The file ${JSON.stringify(path)} in the object ${JSON.stringify(key)}`;
  return new BackupError(`${subject} is damaged: ${problem.message}.`, {
    class: 'permanent',
    operation: 'GetObject',
    key,
    code: DAMAGED,
    hint: HINT,
    cause: problem,
  });
}

/** Runs `work`, in which a {@link PackProblem} is damage of the object. */
export async function asDamageOf<T>(key: string, path: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PackProblem ? damagedInside(key, error, path) : error;
  }
}
