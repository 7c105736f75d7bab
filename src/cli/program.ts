import { Argument, Command, CommanderError, Option } from 'commander';
import { InputError } from '../errors.ts';
import { TOOL } from '../tool.ts';
import { type Completable, completionScript, SHELLS, type Shell } from './completion.ts';
import { TERMINAL_COMMANDS, type TerminalCommand } from './declared.ts';
import { EXIT_CODES } from './exit-code.ts';
import { givenInputs, inputOptions } from './flags.ts';

/** What can be said about how to run, beside the inputs. */
export interface RunOptions {
  readonly config?: string;
  readonly profile?: string;
  readonly idTokenFile?: string;
  /** One JSON object on stdout, everything else on stderr. */
  readonly json: boolean;
  /** Debug lines too. */
  readonly verbose: boolean;
}

export interface CommandInvocation {
  readonly kind: 'command';
  readonly command: TerminalCommand;
  /** Inputs by name. */
  readonly flags: ReadonlyMap<string, string>;
  /** Program and arguments behind `--`, whose output is to be stored; mostly empty. */
  readonly outputOf: readonly string[];
  readonly options: RunOptions;
}

/** What a command line asks for. */
export type Invocation =
  | CommandInvocation
  /** Help, version, a script for a shell; `exitCode` is not 0 for help that is shown because no command was named. */
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: number };

/** Flags of every command that are no inputs. */
const RUN_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  [
    '--config <file>',
    'JSON or YAML file with inputs (default: versioned-s3-backup.yml, .yaml or .json here, see docs)',
  ],
  ['--profile <name>', 'Take the inputs of this profile of the file too.'],
  ['--id-token-file <file>', 'File with an OIDC token for --role-to-assume, read anew for each session.'],
  ['--json', 'Print one JSON object with the result on stdout, and everything else on stderr.'],
  ['--verbose', 'Say more.'],
];

const AFTER_HELP = `
Every input can also be set by a variable (VSB_BUCKET for --bucket) or in a file (--config); flags win over variables,
and variables over the file.

Exit codes: 0 done, 1 failed, 2 bad usage, 3 found damaged data, 130 interrupted.`;

/**
 * @param args without program and script
 * @throws InputError for what no command takes
 */
export function parseArguments(args: readonly string[]): Invocation {
  const found: Invocation[] = [];
  const printed: string[] = [];
  const { own, outputOf } = splitCommand(args);
  const program = buildProgram(outputOf, (invocation) => found.push(invocation), printed);
  try {
    program.parse(own, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return shownText(error, printed, own);
  }
  const [invocation] = found;
  if (invocation === undefined) throw new InputError('command', 'No command was given.');
  return invocation;
}

/** The command that takes another one behind `--`. */
const TAKES_COMMAND = 'backup';

/** What stands behind `--` is left as it is: it is for another program. @throws InputError where nothing does */
function splitCommand(args: readonly string[]): {
  readonly own: readonly string[];
  readonly outputOf: readonly string[];
} {
  const end = args.indexOf('--');
  if (args[0] !== TAKES_COMMAND || end === -1) return { own: args, outputOf: [] };
  const outputOf = args.slice(end + 1);
  if (outputOf.length > 0) return { own: args.slice(0, end), outputOf };
  throw new InputError('command', 'The command line ends in `--`, but a command whose output is stored has to follow.');
}

function buildProgram(
  outputOf: readonly string[],
  found: (invocation: Invocation) => void,
  printed: string[],
): Command {
  const program = new Command(TOOL.name)
    .description('Ordered, immutable, verifiable series of versions in S3: backup, restore and all else.')
    .version(TOOL.version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: (text) => printed.push(text) })
    .addHelpText('after', AFTER_HELP);
  for (const command of TERMINAL_COMMANDS) {
    addCommand(program, command, (invocation) => found({ ...invocation, outputOf }));
  }
  program
    .command('completion')
    .description('Print a script that completes commands and flags.')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS).argParser(shellNamed))
    .action((shell: Shell) => {
      found({ kind: 'text', text: completionScript(shell, completable(program)), exitCode: EXIT_CODES.done });
    });
  return program;
}

/** @throws InputError for a shell that there is no script for */
function shellNamed(name: string): Shell {
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw refusedLine(`there is no script for the shell ${JSON.stringify(name)}: write ${SHELLS.join(' or ')}.`);
}

function completable(program: Command): readonly Completable[] {
  return program.commands.map((command) => ({
    name: command.name(),
    words: [
      ...command.options.flatMap(({ long }) => long ?? []),
      '--help',
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    ],
  }));
}

function addCommand(
  program: Command,
  command: TerminalCommand,
  found: (invocation: Omit<CommandInvocation, 'outputOf'>) => void,
): void {
  const parser = program.command(command.name).description(command.description);
  if (command.name === TAKES_COMMAND) parser.usage('[options] [-- command [arguments]]');
  for (const input of command.inputs) {
    for (const option of inputOptions(input)) parser.addOption(option.helpGroup('Inputs:'));
  }
  for (const [flags, description] of RUN_OPTIONS) parser.addOption(new Option(flags, description));
  // Commander would only say how many there are.
  parser.allowExcessArguments();
  parser.action((values) => {
    const [extra] = parser.args;
    if (extra !== undefined) throw loneWord(command.name, extra);
    const { config, profile, idTokenFile, json = false, verbose = false } = values;
    const options = { ...given({ config, profile, idTokenFile }), json, verbose };
    found({ kind: 'command', command, flags: givenInputs(command.inputs, values), options });
  });
}

function given(options: Readonly<Record<string, string | undefined>>): Omit<RunOptions, 'json' | 'verbose'> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The error for a word behind no flag: mostly one of those that a shell has made of a pattern. */
function loneWord(command: string, word: string): InputError {
  return refusedLine(
    `${JSON.stringify(word)} stands behind no flag, but ${command} takes nothing else: give each value its flag, and put quotes around a pattern, as in --path 'dist/**', so that the shell does not expand it.`,
  );
}

function refusedLine(reason: string): InputError {
  return new InputError('command', `The command line cannot be used: ${reason}`, {
    hint: `See ${TOOL.name} --help, or ${TOOL.name} with a command and --help.`,
  });
}

/**
 * Commander throws for help and version too.
 * @param args that it was given
 * @throws InputError for what really is an error
 */
function shownText(
  { code, exitCode, message }: CommanderError,
  printed: readonly string[],
  [first = '']: readonly string[],
): Invocation {
  const text = printed.join('');
  if (exitCode === 0) return { kind: 'text', text, exitCode: EXIT_CODES.done };
  if (code === 'commander.help') return { kind: 'text', text, exitCode: EXIT_CODES.badUsage };
  if (code === 'commander.unknownOption' && first.startsWith('-')) {
    throw refusedLine(
      `${JSON.stringify(first)} stands before the command: write the command first, and its flags behind it.`,
    );
  }
  throw refusedLine(message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
}
