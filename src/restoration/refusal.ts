import { BackupError, DAMAGED } from '../errors.ts';

/** Nothing is written before every entry has been looked at, which an error of that time can promise. */
const NOTHING_WRITTEN = 'Nothing was written.';

/** The error for an entry that no backup writes: the version is damaged, or somebody made it up. */
export function hostileEntry(path: string, problem: string): BackupError {
  return refusedEntry(path, problem, HOSTILE_HINT, { code: DAMAGED });
}

/** The error for an entry that must not be restored there. */
export function refusedEntry(
  path: string,
  problem: string,
  hint: string,
  details: { code?: string } = {},
): BackupError {
  return new BackupError(`The entry ${JSON.stringify(path)} is not restored: ${problem}. ${NOTHING_WRITTEN}`, {
    class: 'permanent',
    operation: 'check entry',
    key: path,
    hint,
    ...details,
  });
}

/** The error for something in the target that is in the way of an entry. */
export function inTheWay(path: string, problem: string, hint: string, details: { found?: string } = {}): BackupError {
  return new BackupError(`The target cannot take the version: ${JSON.stringify(path)} ${problem}. ${NOTHING_WRITTEN}`, {
    class: 'local',
    operation: 'check target',
    key: path,
    hint,
    ...details,
  });
}

const HOSTILE_HINT =
  'No backup writes such an entry, so someone else did: find out who can write to the bucket before anything of it is used.';
