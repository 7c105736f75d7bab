import { BackupError, codeOf, messageOf } from './errors.ts';

/**
 * Of a file among temporary ones that cannot be made, written or read.
 * @param sentence what cannot be done, without a full stop: the system's own words follow
 */
export function temporaryFileError(sentence: string, path: string, cause: unknown): BackupError {
  const code = codeOf(cause);
  return new BackupError(`${sentence}: ${messageOf(cause)}.`, {
    class: 'local',
    operation: 'write temporary file',
    key: path,
    ...(code !== undefined && { code }),
    hint: 'The temporary directory has to be writable and needs some free space.',
    cause,
  });
}
