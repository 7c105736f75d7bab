import { describe, expect, it } from '@jest/globals';
import type { TerminalOutput } from '../../src/inputs/context.ts';
import { readOutputInputs } from '../../src/inputs/output.ts';
import { context, type Inputs, readerOf } from '../github/support.ts';

const read = (inputs: Inputs, terminal?: TerminalOutput) =>
  readOutputInputs(readerOf(inputs), { ...context, ...(terminal && { terminal }) });

const PIPE: TerminalOutput = { command: [], hasPipe: true };
const KEYBOARD: TerminalOutput = { command: [], hasPipe: false };
const BEHIND_DASHES: TerminalOutput = { command: ['pg_dump', '-Fc', 'widgets'], hasPipe: true };
const directory = context.workspace;

describe('readOutputInputs', () => {
  it('asks for nothing where nothing is said', () => {
    expect(read({})).toBeUndefined();
    expect(read({}, PIPE)).toBeUndefined();
  });

  it('reads the script of a step', () => {
    expect(read({ command: 'pg_dump widgets |\n  gzip', 'stdin-name': 'dumps/widgets.sql' })).toEqual({
      path: 'dumps/widgets.sql',
      source: { kind: 'shell', script: 'pg_dump widgets |\n  gzip', directory },
      ifEmpty: 'error',
    });
  });

  it('takes what stands behind -- at a terminal, before what is piped in', () => {
    expect(read({ 'stdin-name': 'dump', 'if-output-empty': 'warn' }, BEHIND_DASHES)).toEqual({
      path: 'dump',
      source: { kind: 'program', file: 'pg_dump', args: ['-Fc', 'widgets'], directory },
      ifEmpty: 'warn',
    });
  });

  it('takes what is piped in', () => {
    expect(read({ 'stdin-name': 'dump' }, PIPE)).toMatchObject({ source: { kind: 'pipe' } });
  });

  it.each([
    [
      { command: 'pg_dump' },
      undefined,
      /^The input `stdin-name` is empty, but the output of the command has to have a name/,
    ],
    [{}, BEHIND_DASHES, /^The input `stdin-name` is empty, but/],
    [{ 'stdin-name': 'dump' }, undefined, /^The input `stdin-name` is "dump", but there is no `command`/],
    [{ 'stdin-name': 'dump' }, KEYBOARD, /write a command behind `--`, or pipe something in/],
    [
      { command: 'x', 'stdin-name': '/etc/dump' },
      undefined,
      /"\/etc\/dump", but it has an empty segment: write the path/,
    ],
    [{ command: 'x', 'stdin-name': '../dump' }, undefined, /but it has a '\.\.' segment/],
    [{ command: 'x', 'stdin-name': 'dumps/' }, undefined, /but it has an empty segment/],
    [{ 'if-output-empty': 'fail' }, undefined, /^The input `if-output-empty` is "fail", but it must be one of/],
  ] as const)('refuses %j at %j', (inputs, terminal, message) => {
    expect(() => read(inputs, terminal)).toThrow(expect.objectContaining({ message: expect.stringMatching(message) }));
  });
});
