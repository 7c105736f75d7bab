import { COMMANDS } from '../commands/all.ts';
import declared from '../inputs/declared.json' with { type: 'json' };

/** One input, as action.yml declares it and a terminal can give it. */
export interface DeclaredInput {
  readonly name: string;
  /** Markdown on one line. */
  readonly description: string;
  /** The text that stands for it where it is not given. */
  readonly fallback: string;
  /** What the fallback means, for people; empty where nothing is. */
  readonly fallbackMeaning: string;
  readonly required: boolean;
  /** `lines`: can be given several times, a line each. `flag`: `true` or `false`. */
  readonly kind: 'lines' | 'flag' | 'text';
}

/** What can be typed after the name of the program. */
export interface TerminalCommand {
  readonly name: string;
  /** Key of `COMMANDS`. */
  readonly action: string;
  readonly description: string;
  readonly inputs: readonly DeclaredInput[];
  /** Inputs that the name of the command decides. */
  readonly fixed: Readonly<Record<string, string>>;
}

interface DeclaredAction {
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>
  >;
}

const ACTIONS: Readonly<Record<string, DeclaredAction>> = declared;

/** Inputs that a terminal has another way for: behind `--` a command needs no shell. */
const RUNNER_INPUTS: Readonly<Record<string, string>> = { command: '' };

/** The inputs that are read line by line; a test asks the commands. */
export const LINE_INPUTS: readonly string[] = ['path', 'tags', 'keep-tag'];

/** What the runner puts in place of a default; a terminal leaves it to the command, which knows what is meant. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  '${{ github.workspace }}': 'the current directory',
  '${{ github.event.repository.name }}': 'the name of the repository',
  '${{ toJSON(matrix) }}': '',
};

/** The two halves of the pin action, whose input `state` says which. */
const PIN_COMMANDS = [
  { name: 'pin', description: 'Pins a version so that no retention rule ever removes it.', fixed: { state: 'pinned' } },
  { name: 'unpin', description: 'Takes the pin of a version away.', fixed: { state: 'unpinned', reason: '' } },
] as const;

/** All commands, in the order of the help. */
export const TERMINAL_COMMANDS: readonly TerminalCommand[] = Object.keys(COMMANDS).flatMap((action) =>
  action === 'pin' ? PIN_COMMANDS.map((half) => terminalCommand(action, half)) : terminalCommand(action),
);

/** The names of all inputs of all commands: what a file or the environment may set. */
export const ALL_INPUT_NAMES: ReadonlySet<string> = new Set(
  Object.values(ACTIONS).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((name) => !Object.hasOwn(RUNNER_INPUTS, name)),
  ),
);

function terminalCommand(
  action: string,
  own: Partial<Pick<TerminalCommand, 'name' | 'description' | 'fixed'>> = {},
): TerminalCommand {
  const { description = '', inputs = {} } = ACTIONS[action] ?? {};
  const { fixed = runnerInputsOf(inputs) } = own;
  return {
    name: action,
    action,
    description,
    inputs: Object.entries(inputs)
      .filter(([name]) => !Object.hasOwn(fixed, name))
      .map(([name, input]) => declaredInput(name, input)),
    ...own,
    fixed,
  };
}

/** Of the inputs of an action, those that a terminal does not take. */
function runnerInputsOf(inputs: DeclaredAction['inputs']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(RUNNER_INPUTS).filter(([name]) => Object.hasOwn(inputs, name)));
}

function declaredInput(name: string, input: DeclaredAction['inputs'][string]): DeclaredInput {
  const { description, required = false, default: written = '' } = input;
  const meaning = EXPRESSIONS[written];
  return {
    name,
    description,
    fallback: meaning === undefined ? written : '',
    fallbackMeaning: meaning ?? written,
    required,
    kind: kindOf(name, written),
  };
}

function kindOf(name: string, fallback: string): DeclaredInput['kind'] {
  if (LINE_INPUTS.includes(name)) return 'lines';
  return fallback === 'true' || fallback === 'false' ? 'flag' : 'text';
}
