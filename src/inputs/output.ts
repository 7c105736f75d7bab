import { z } from 'zod';
import type { OutputSource } from '../producer/types.ts';
import { pathProblem } from '../store/object-key.ts';
import type { InputContext } from './context.ts';
import { text } from './fields.ts';
import { type InputReader, refused } from './reader.ts';

const OUTPUT_EMPTY = ['error', 'warn', 'ignore'] as const;

/** A command whose output becomes a file of the version. */
export interface OutputInputs {
  /** Of the file, POSIX, relative to the root. */
  readonly path: string;
  readonly source: OutputSource;
  /** What to do when it writes nothing. */
  readonly ifEmpty: (typeof OUTPUT_EMPTY)[number];
}

/**
 * @returns undefined where no output is asked for
 * @throws InputError
 */
export function readOutputInputs(reader: InputReader, context: InputContext): OutputInputs | undefined {
  const ifEmpty = reader.choice('if-output-empty', OUTPUT_EMPTY);
  const command = commandOf(reader, context);
  const path = reader.optional('stdin-name', nameSchema);
  if (path === undefined) {
    if (command === undefined) return undefined;
    const rule = 'the output of the command has to have a name: write, for example, `dump.sql`';
    throw refused('stdin-name', '', rule);
  }
  const source = command ?? pipeOf(context);
  if (source === undefined) throw refused('stdin-name', path, missingSource(context));
  return { path, source, ifEmpty };
}

function commandOf(reader: InputReader, { workspace: directory, terminal }: InputContext): OutputSource | undefined {
  if (terminal === undefined) {
    const script = reader.read('command', z.string());
    return script === '' ? undefined : { kind: 'shell', script, directory };
  }
  const [file, ...args] = terminal.command;
  return file === undefined ? undefined : { kind: 'program', file, args, directory };
}

function pipeOf({ terminal }: InputContext): OutputSource | undefined {
  return terminal?.hasPipe ? { kind: 'pipe' } : undefined;
}

function missingSource({ terminal }: InputContext): string {
  return terminal === undefined
    ? 'there is no `command` whose output it would name: add one, or leave the line out'
    : 'there is no output that it would name: write a command behind `--`, or pipe something in';
}

const nameSchema = text((path) => {
  const problem = pathProblem(path);
  return problem && `${problem}: write the path of a file below the root, for example \`dumps/dump.sql\``;
});
