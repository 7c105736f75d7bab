import { resolve } from 'node:path';
import { type Exit, RunningProcess } from '../../dev/runner/process.ts';
import { Screen } from '../../src/cli/screen.ts';
import { Redaction } from '../../src/redaction.ts';

/** The program as npm links to it: the committed bundle. */
export const PROGRAM = resolve(import.meta.dirname, '../../dist/cli.js');

export interface Ended extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly directory: string;
  /** All that the program finds in its environment, beside the way to Node and a home that is empty. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly program?: string;
}

/** How to start the program. */
export function programCommand(args: readonly string[], { directory, variables = {}, program = PROGRAM }: Call) {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...variables,
  };
  return { file: process.execPath, args: [program, ...args], cwd: directory, env };
}

/** Starts the program in a process of its own. */
export function start(args: readonly string[], call: Call): Promise<RunningProcess> {
  return RunningProcess.start(programCommand(args, call), () => {});
}

export async function runProgram(args: readonly string[], call: Call): Promise<Ended> {
  const running = await start(args, call);
  const exit = await running.done;
  return { ...exit, stdout: await running.stdout, stderr: await running.stderr };
}

/** An output that keeps what is written to it. */
export class Paper {
  readonly isTTY: boolean;
  readonly columns = 100;
  text = '';

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

export function paperScreen({ isTTY = false, secrets = [] as readonly string[] } = {}) {
  const stdout = new Paper();
  const stderr = new Paper(isTTY);
  return { stdout, stderr, screen: new Screen({ stdout, stderr, redaction: new Redaction(secrets) }) };
}
