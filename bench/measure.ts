import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMIT_SECONDS } from './plan.ts';

/** GNU time: the one way to learn CPU time and peak memory of another process. */
const TIME = '/usr/bin/time';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What one run of a command took. */
export interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Peak resident memory of the largest process. */
  readonly rssBytes: number;
}

/** A run that is of no use as a number, and why. */
export interface Failed {
  readonly failure: string;
}

/** Variables of this process that a contender is to see; everything else it is given. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const;

/**
 * Runs a command to its end.
 * @param limitSeconds it is killed then, with all it started
 */
export async function measure(command: Command, limitSeconds: number): Promise<Cost | Failed> {
  const report = join(tmpdir(), `bench-time-${process.pid}`);
  const child = spawn(TIME, ['-q', '-o', report, '-f', '%e %U %S %M', command.file, ...command.args], {
    cwd: command.cwd,
    env: { ...inherited(), ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-2000);
    });
  }
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitSeconds * 1000);
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  if (late) return { failure: `not done after ${limitSeconds} s` };
  if (code !== 0) return { failure: `exit code ${code}: ${said.trim().split('\n').slice(-3).join(' | ')}` };
  const [wall = 0, user = 0, system = 0, kib = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  rmSync(report);
  return { wallSeconds: wall, cpuSeconds: user + system, rssBytes: kib * 1024 };
}

/** Runs a command that is not measured. @throws Error where it fails, or takes longer than one that is may */
export async function prepare(command: Command): Promise<void> {
  const outcome = await measure(command, LIMIT_SECONDS);
  if ('failure' in outcome) throw new Error(`${command.file} ${command.args.join(' ')}: ${outcome.failure}`);
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
