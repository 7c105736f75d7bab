import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { LineSplitter } from './lines.ts';

/** How long the runner waits after SIGINT before it sends SIGTERM, in milliseconds (actions/runner, `ProcessInvoker.cs`). */
export const SIGINT_GRACE_MS = 7500;
/** How long after SIGTERM before it kills, in milliseconds. */
export const SIGTERM_GRACE_MS = 2500;

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  /** As written: secrets and workflow commands included. */
  readonly text: string;
}

export interface Exit {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Resolves after so many milliseconds; tests put another sense of time in its place. */
export type Wait = (milliseconds: number) => Promise<unknown>;

/** A running program, its output and its end. */
export class RunningProcess {
  readonly #child: Child;
  readonly #seen: OutputLine[] = [];
  readonly #listeners = new Set<(line: OutputLine) => void>();
  readonly #exited: Promise<unknown>;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  /** After the program has ended and all of its output was handed on. */
  readonly done: Promise<Exit>;

  private constructor(child: Child, onLine: (line: OutputLine) => void) {
    this.#child = child;
    this.onLine(onLine);
    this.stdout = this.#collect('stdout');
    this.stderr = this.#collect('stderr');
    this.#exited = once(child, 'exit').then(() => this.#killTree());
    this.done = this.#awaitEnd();
  }

  /** @throws {Error} when the program cannot be started */
  static async start(command: Command, onLine: (line: OutputLine) => void): Promise<RunningProcess> {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // a process group of its own, so that its descendants can be found at the end
      detached: process.platform !== 'win32',
    });
    await once(child, 'spawn');
    return new RunningProcess(child, onLine);
  }

  get pid(): number {
    if (this.#child.pid === undefined) {
      throw new Error('the process was not started');
    }
    return this.#child.pid;
  }

  /** Calls back with every line from now on. */
  onLine(listener: (line: OutputLine) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * The first line that fits, past or to come.
   *
   * @throws {Error} when the output ends without one
   */
  async untilLine(pattern: RegExp): Promise<OutputLine> {
    const seen = this.#seen.find(({ text }) => pattern.test(text));
    if (seen !== undefined) {
      return seen;
    }
    const { promise, resolve, reject } = Promise.withResolvers<OutputLine>();
    this.onLine((line) => pattern.test(line.text) && resolve(line));
    this.done.then(() => reject(new Error(`the output ended without a line like ${pattern}`)), reject);
    return promise;
  }

  /** Sends a signal to the program itself; of no effect once it has ended. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the program the way the runner does upon "Cancel workflow": SIGINT, then SIGTERM, then the end of the tree. */
  async cancel(wait: Wait): Promise<void> {
    for (const [signal, grace] of [
      ['SIGINT', SIGINT_GRACE_MS],
      ['SIGTERM', SIGTERM_GRACE_MS],
    ] as const) {
      this.kill(signal);
      const ended = await Promise.race([this.#exited.then(() => true), wait(grace).then(() => false)]);
      if (ended) {
        return;
      }
    }
    this.kill('SIGKILL');
  }

  async #awaitEnd(): Promise<Exit> {
    await Promise.all([once(this.#child, 'close'), this.stdout, this.stderr]);
    return { exitCode: this.#child.exitCode, signal: this.#child.signalCode };
  }

  async #collect(stream: 'stdout' | 'stderr'): Promise<string> {
    const chunks: Buffer[] = [];
    const splitter = new LineSplitter((text) => this.#emit({ stream, text }));
    const source = this.#child[stream];
    source.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      splitter.push(chunk);
    });
    await once(source, 'close');
    splitter.end();
    return Buffer.concat(chunks).toString('utf8');
  }

  #emit(line: OutputLine): void {
    this.#seen.push(line);
    for (const listener of this.#listeners) {
      listener(line);
    }
  }

  /** What the program leaves running would hold its output open, and outlive the job. The runner ends it as well. */
  #killTree(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // nobody is left of the group; on Windows there are no groups
    }
  }
}
