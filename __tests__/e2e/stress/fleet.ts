import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { programCommand } from '../../cli/support.ts';

/** Within it a process that is to be killed is killed: from before its first request to after its last. */
const LIFE_MS = 1500;

export interface Fleet {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /** How many of the processes are killed, from 0 to 1. */
  readonly killed: number;
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
  const { directory, variables, random, killed } = fleet;
  const isDoomed = random() < killed;
  const deadline = random() * LIFE_MS;
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
  return { wasKilled, exitCode, outputs: wasKilled ? {} : outputsIn(stdout), stderr };
}

function outputsIn(stdout: string): Readonly<Record<string, string>> {
  const { outputs = {} } = JSON.parse(stdout || '{}') as { readonly outputs?: Record<string, string> };
  return outputs;
}
