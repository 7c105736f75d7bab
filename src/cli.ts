import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { EXIT_CODES } from './cli/exit-code.ts';
import { run } from './cli/run.ts';
import { CLEAR_LINE } from './cli/screen.ts';
import { type BackupError, codeOf } from './errors.ts';
import { interruption, unfinishedWords } from './interruption.ts';

/** The terminal's edge: `process` is read here, and the exit code is set here. @param args without program and script */
export async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const { signal, leave } = interruption(
    (name) => `The command was interrupted (${name}) before it was done${unfinishedWords(args[0])}.`,
    sayInterrupted,
  );
  process.exitCode = await run(args, {
    variables: process.env,
    directory: process.cwd(),
    configDirectory: configDirectory(),
    userName,
    stdin: () => process.stdin,
    stdinIsTerminal: isatty(0),
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    nowMs: () => performance.now(),
  });
  leave();
}

/** The last words of a process that ends before its command; a bar makes way for them. */
function sayInterrupted({ message }: BackupError): void {
  process.stderr.write(`${process.stderr.isTTY ? CLEAR_LINE : ''}error: ${message}\n`);
  process.exitCode = EXIT_CODES.interrupted;
}

/** Of a user (XDG Base Directory Specification; `APPDATA` is its like on Windows). */
function configDirectory(): string {
  const { XDG_CONFIG_HOME, APPDATA } = process.env;
  return XDG_CONFIG_HOME || APPDATA || join(homedir(), '.config');
}

/** Asked where no variable says it, as under cron and in containers; there a user may be a number without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** `… | head` closes the pipe early: no reason for a backup to stop half-way. */
function ignoreClosedPipe(error: Error): void {
  if (codeOf(error) !== 'EPIPE') throw error;
}
