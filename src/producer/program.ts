import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { concealer } from './conceal.ts';
import { type Exit, exitFailure, readFailure, startFailure } from './failure.ts';
import { LastLines } from './last-lines.ts';
import type { Producer } from './types.ts';

/** How long a program that is to end may take to do so by itself: a cancelled step has 7.5 s for everything. */
const KILL_AFTER_MS = 2_000;

/** Where there are none, a program is ended alone. */
const HAS_PROCESS_GROUPS = process.platform !== 'win32';

export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly directory: string;
  /** All that it has in its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it reads what this process is given to read. */
  readonly sharesStdin: boolean;
  /** For errors; absent for a script. */
  readonly name?: string;
}

export interface ProgramPorts {
  /** Ends the program and all that it has started. */
  readonly signal: AbortSignal;
  /** Told every line of its stderr, as soon as it is there, without secrets. */
  readonly onLine: (line: string) => void;
  /** How long it may take to end by itself, milliseconds; for tests. */
  readonly killAfterMs?: number;
}

/**
 * Starts a program and hands out what it writes to stdout. It is in a process group of its own, so that all that it
 * starts is ended with it.
 */
export function startProgram(
  call: ProgramCall,
  { signal, onLine, killAfterMs = KILL_AFTER_MS }: ProgramPorts,
): Producer {
  const { file, args, directory: cwd, variables: env, sharesStdin, name } = call;
  const stdin = sharesStdin ? 'inherit' : 'ignore';
  const child = spawn(file, args, { cwd, env, stdio: [stdin, 'pipe', 'pipe'], detached: HAS_PROCESS_GROUPS });
  const lines = followStderr(child.stderr, concealer(env), onLine);
  const ended = endOf(child);
  const stop = once(() => stopProgram(child, ended, killAfterMs));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) void stop();
  return {
    bytes: bytesOf(child.stdout, signal),
    async finish() {
      const end = await ended;
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
      const failure = 'cause' in end ? startFailure(end.cause, name) : exitFailure(end, name, lines.kept);
      if (failure !== undefined) throw failure;
    },
    stop,
  };
}

type End = Exit | { readonly cause: unknown };

/** After the last byte of both outputs, or because it could not be started. */
function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (cause) => resolve({ cause }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function followStderr(stderr: Readable, conceal: (text: string) => string, onLine: (line: string) => void): LastLines {
  const lines = new LastLines(conceal, onLine);
  stderr.on('data', (bytes: Buffer) => lines.push(bytes));
  stderr.once('end', () => lines.end());
  return lines;
}

async function* bytesOf(stdout: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stdout) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(error);
  }
  signal.throwIfAborted();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

/** Asks the program to end, then ends it and what it has left. */
async function stopProgram(child: ChildProcess, ended: Promise<End>, killAfterMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    kill(child, pid, 'SIGTERM');
    const timer = setTimeout(() => kill(child, pid, 'SIGKILL'), killAfterMs);
    await exited;
    clearTimeout(timer);
  }
  kill(child, pid, 'SIGKILL');
  // Nobody reads on, and an end that nobody reads never comes.
  child.stdout?.destroy();
  child.stderr?.destroy();
  await ended;
}

/** Of the whole group; what is gone already is as it should be. */
function kill(child: ChildProcess, pid: number, signal: NodeJS.Signals): void {
  try {
    if (HAS_PROCESS_GROUPS) process.kill(-pid, signal);
    else child.kill(signal);
  } catch {
    // No such process any more.
  }
}
