import { BackupError, codeOf } from '../errors.ts';

/** True if what was asked for is not there: never was, was removed, or is behind something that is no directory. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What to do about a file or directory that cannot be read. */
export const READ_HINT = `give this job the right to read it, or exclude it with a '!' line in \`path\``;

/** A BackupError of class `local` for a file operation that failed. Its sentence says what to do, so that nothing says it twice. */
export function localError(operation: string, path: string, cause: unknown, hint: string): BackupError {
  const code = codeOf(cause);
  const reason = code === undefined ? '' : ` (${code})`;
  return new BackupError(`Could not ${operation} ${JSON.stringify(path)}${reason}: ${hint}.`, {
    class: 'local',
    operation,
    key: path,
    cause,
    ...(code === undefined ? {} : { code }),
  });
}
