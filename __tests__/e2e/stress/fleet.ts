import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { programCommand } from '../../cli/support.ts';

/** How long a process lives where none has ended yet. */
const FIRST_LIFE_MS = 2000;
/** Of the life of a process: kills come from before its first request to after its last. */
const LATEST_KILL = 1.1;

export interface Fleet {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /** How many of the processes are killed, from 0 to 1. */
  readonly killed: number;
  /** Milliseconds that processes took which were not killed. */
  readonly lives: number[];
}

export interface Result {
  readonly wasKilled: boolean;
  readonly exitCode: number | null;
  /** Of a process that ended by itself. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly stderr: string;
}

/** One command in a process of its own, from the bundle; chance decides whether it is killed with SIGKILL, and when. */
export async function runOne(args: readonly string[], fleet: Fleet): Promise<Result> {
  const { directory, variables, random, killed, lives } = fleet;
  const isDoomed = random() < killed;
  const typical = lives.length === 0 ? FIRST_LIFE_MS : lives.reduce((sum, ms) => sum + ms, 0) / lives.length;
  const deadline = random() * typical * LATEST_KILL;
  const started = performance.now();
  const command = programCommand([...args, '--json'], { directory, variables });
  const child = spawn(command.file, command.args, { cwd: command.cwd, env: command.env });
  // The moment of a kill is chance, and nothing waits for it: what it meets differs from run to run on purpose.
  const killer = isDoomed ? setTimeout(() => child.kill('SIGKILL'), deadline) : undefined;
  const [[exitCode, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, string | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  clearTimeout(killer);
  const wasKilled = signal === 'SIGKILL';
  if (!wasKilled) lives.push(performance.now() - started);
  return { wasKilled, exitCode, outputs: wasKilled ? {} : outputsIn(stdout), stderr };
}

function outputsIn(stdout: string): Readonly<Record<string, string>> {
  const { outputs = {} } = JSON.parse(stdout || '{}') as { readonly outputs?: Record<string, string> };
  return outputs;
}
