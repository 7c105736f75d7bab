import { BackupError, codeOf, messageOf } from '../errors.ts';

/** How a program ended: one of the two is set. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const OPERATION = 'run command';
const NO_VERSION = 'No version was made.';

/**
 * Why a command did not end well.
 * @param name of the program; absent for a script. Arguments may hold secrets and are never shown
 * @param lastLines what it said last on stderr, without secrets
 * @returns undefined where it ended with exit code 0
 */
export function exitFailure(
  { code, signal }: Exit,
  name: string | undefined,
  lastLines: readonly string[],
): BackupError | undefined {
  if (code === 0) return undefined;
  const found = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const reason = lastLines.at(-1);
  return new BackupError(`${subjectOf(name)} failed with ${found}${reason === undefined ? '.' : `: ${reason}`}`, {
    class: 'local',
    operation: OPERATION,
    expected: 'exit code 0',
    found,
    hint: hintOf(lastLines),
  });
}

function hintOf(lastLines: readonly string[]): string {
  if (lastLines.length < 2) return NO_VERSION;
  return [`${NO_VERSION} What the command said last:`, ...lastLines.map((line) => `  ${line}`)].join('\n');
}

/** The error for a command that could not even begin. */
export function startFailure(cause: unknown, name: string | undefined): BackupError {
  const code = codeOf(cause);
  const isMissing = code === 'ENOENT';
  const program = name === undefined ? '`bash`, which runs it,' : 'it';
  return new BackupError(
    isMissing
      ? `${subjectOf(name)} cannot be started: ${program} was not found.`
      : `${subjectOf(name)} cannot be started: ${messageOf(cause)}.`,
    {
      class: 'local',
      operation: OPERATION,
      ...(code !== undefined && { code }),
      hint: `${NO_VERSION} ${isMissing ? 'Install it, or correct its name.' : 'Look at its name and its permissions.'}`,
      cause,
    },
  );
}

/** The error for output that broke off on its way. @param isPiped whether it came in on stdin, and not from a command */
export function readFailure(cause: unknown, isPiped = false): BackupError {
  const code = codeOf(cause);
  const what = isPiped ? 'What comes in on stdin' : 'The output of the command';
  return new BackupError(`${what} cannot be read: ${messageOf(cause)}.`, {
    class: 'local',
    operation: isPiped ? 'read stdin' : OPERATION,
    ...(code !== undefined && { code }),
    cause,
  });
}

function subjectOf(name: string | undefined): string {
  return name === undefined ? 'The command' : `The command ${JSON.stringify(name)}`;
}
