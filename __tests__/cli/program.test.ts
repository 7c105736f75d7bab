import { describe, expect, it } from '@jest/globals';
import { TERMINAL_COMMANDS } from '../../src/cli/declared.ts';
import { type CommandInvocation, parseArguments } from '../../src/cli/program.ts';
import { InputError } from '../../src/errors.ts';
import { TOOL } from '../../src/tool.ts';

function invocation(line: string): CommandInvocation {
  const found = parseArguments(line.split(' '));
  if (found.kind !== 'command') throw new Error(found.text);
  return found;
}

const flagsOf = (line: string) => Object.fromEntries(invocation(line).flags);

function refusal(line: string): InputError {
  try {
    parseArguments(line.split(' '));
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error(`${line} is taken`);
}

describe('parseArguments', () => {
  it.each(TERMINAL_COMMANDS.map(({ name }) => name))('knows %s', (name) => {
    expect(invocation(name).command.name).toBe(name);
  });

  it.each([
    ['backup', {}],
    ['backup --bucket acme --prefix=', { bucket: 'acme', prefix: '' }],
    ['backup --path dist/** --path !*.map', { path: 'dist/**\n!*.map' }],
    ['backup --dry-run', { 'dry-run': 'true' }],
    ['backup --dry-run --json', { 'dry-run': 'true' }],
    ['backup --dry-run false', { 'dry-run': 'false' }],
    ['backup --no-prune', { prune: 'false' }],
    ['backup --prune yes', { prune: 'yes' }],
    ['pin --version 12', { version: '12' }],
  ])('reads the inputs of %s', (line, inputs) => {
    expect(flagsOf(line)).toEqual(inputs);
  });

  it('tells inputs from what is about the run', () => {
    const { flags, options } = invocation('list --config a.yml --profile b --id-token-file c --json --verbose');
    expect(flags.size).toBe(0);
    expect(options).toEqual({ config: 'a.yml', profile: 'b', idTokenFile: 'c', json: true, verbose: true });
    expect(invocation('list').options).toEqual({ json: false, verbose: false });
  });

  it('leaves what stands behind -- to the command whose output is to be stored', () => {
    const { flags, outputOf } = invocation('backup --stdin-name dump -- pg_dump --json -- -Fc');
    expect(Object.fromEntries(flags)).toEqual({ 'stdin-name': 'dump' });
    expect(outputOf).toEqual(['pg_dump', '--json', '--', '-Fc']);
    expect(invocation('list').outputOf).toEqual([]);
  });

  it.each([
    ['backup --stdin-name dump --', 'The command line ends in `--`, but a command'],
    ['backup --command pg_dump', "unknown option '--command'"],
    ['list -- pg_dump', '"pg_dump" stands behind no flag, but list takes nothing else: '],
    ['backup --bukcet acme', "The command line cannot be used: unknown option '--bukcet' (Did you mean --bucket?)"],
    ['bakcup', "The command line cannot be used: unknown command 'bakcup' (Did you mean backup?)"],
    [
      'backup --path u/a u/b u/c',
      `The command line cannot be used: "u/b" stands behind no flag, but backup takes nothing else: give each value its flag, and put quotes around a pattern, as in --path 'dist/**', so that the shell does not expand it.`,
    ],
    [
      '--json list',
      'The command line cannot be used: "--json" stands before the command: write the command first, and its flags behind it.',
    ],
    ['backup --bucket', "The command line cannot be used: option '--bucket <value>' argument missing"],
    ['pin --state unpinned', "The command line cannot be used: unknown option '--state'"],
    ['completion fish', 'The command line cannot be used: there is no script for the shell "fish": write bash or zsh.'],
    ['completion', "missing required argument 'shell'"],
  ])('refuses %s', (line, reason) => {
    expect(refusal(line).message).toContain(reason);
  });

  it('shows the version of the program, which is not the input of a command', () => {
    expect(parseArguments(['--version'])).toEqual({ kind: 'text', text: `${TOOL.version}\n`, exitCode: 0 });
  });

  it.each([
    [['--help'], 0],
    [['help'], 0],
    [[], 2],
  ])('shows commands and exit codes for %j, which ends with %i', (args, exitCode) => {
    const shown = parseArguments(args);
    expect(shown).toMatchObject({ kind: 'text', exitCode });
    const { text = '' } = shown.kind === 'text' ? shown : {};
    for (const { name } of TERMINAL_COMMANDS) expect(text).toMatch(new RegExp(`^  ${name} \\[options\\]`, 'm'));
    expect(text).toContain('0 done, 1 failed, 2 bad usage, 3 found damaged data, 130 interrupted');
  });

  it.each(TERMINAL_COMMANDS)('shows every input of $name', ({ name, inputs }) => {
    const shown = parseArguments([name, '--help']);
    const { text = '' } = shown.kind === 'text' ? shown : {};
    for (const input of inputs) expect(text).toContain(`--${input.name} `);
  });
});
