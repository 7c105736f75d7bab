import { homedir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { run } from './cli/run.ts';
import { codeOf } from './errors.ts';
import { interruption } from './interruption.ts';

/** The terminal's edge: `process` is read here, and the exit code is set here. @param args without program and script */
export async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const { signal, leave } = interruption((name) => `The command was interrupted (${name}) before it was done.`);
  process.exitCode = await run(args, {
    variables: process.env,
    directory: process.cwd(),
    configDirectory: configDirectory(),
    stdin: () => process.stdin,
    stdinIsTerminal: isatty(0),
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    nowMs: () => performance.now(),
  });
  leave();
}

/** Of a user (XDG Base Directory Specification; `APPDATA` is its like on Windows). */
function configDirectory(): string {
  const { XDG_CONFIG_HOME, APPDATA } = process.env;
  return XDG_CONFIG_HOME || APPDATA || join(homedir(), '.config');
}

/** `… | head` closes the pipe early: no reason for a backup to stop half-way. */
function ignoreClosedPipe(error: Error): void {
  if (codeOf(error) !== 'EPIPE') throw error;
}
