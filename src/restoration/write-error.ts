import { BackupError, codeOf } from '../errors.ts';
import { localError } from '../selection/local-error.ts';

/** For what was thrown while a path was written: the system's errors become ones that name it, others stay what they are. */
export function writeError(path: string, error: unknown): unknown {
  if (error instanceof BackupError || codeOf(error) === undefined) return error;
  const hint =
    codeOf(error) === 'EEXIST'
      ? 'it has come into being since the target was checked; let nothing else write there meanwhile'
      : 'give the target enough space and this job the right to write there';
  return localError('write', path, error, hint);
}
