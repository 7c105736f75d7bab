import { type AnnotationLevel, AnnotationList, annotationFrom } from './annotations.ts';
import type { SecretMasker } from './masks.ts';
import { parseCommand, type WorkflowCommand } from './workflow-commands.ts';

export interface StepLogOptions {
  readonly workspace: string;
  readonly masker: SecretMasker;
  /** Show `::debug::` lines, as with the secret ACTIONS_STEP_DEBUG. */
  readonly debug: boolean;
  /** Called with every line that a reader of the log gets to see. */
  readonly onLine?: ((line: string) => void) | undefined;
}

const DISABLED_COMMANDS = ['set-env', 'add-path'];
const MATCHER_COMMANDS = ['add-matcher', 'remove-matcher'];

/**
 * Turns a step's output into what the runner makes of it: a log to read, with its groups and with secrets masked;
 * annotations; and the effects of workflow commands. Rules: actions/runner, `ActionCommandManager.cs`.
 */
export class StepLog {
  readonly groups: string[] = [];
  readonly masks: string[] = [];
  readonly outputs = new Map<string, string>();
  readonly state = new Map<string, string>();
  readonly annotations: AnnotationList;
  /** A command could not be carried out: the step fails whatever the action's exit code is. */
  failed = false;
  readonly #options: StepLogOptions;
  readonly #lines: string[] = [];
  readonly #commands: ReadonlyMap<string, (command: WorkflowCommand) => void>;
  #inGroup = false;
  #stopToken: string | undefined;

  constructor(options: StepLogOptions) {
    this.#options = options;
    this.annotations = new AnnotationList(options.masker);
    this.#commands = this.#commandTable();
  }

  /** One line of the action's output, without its line break. */
  accept(line: string): void {
    const command = parseCommand(line, (name) => this.#commands.has(name) || name === this.#stopToken?.toLowerCase());
    if (command === undefined) {
      this.#write(line);
    } else if (this.#stopToken !== undefined) {
      this.#write(line);
      this.#resumeOn(command.name);
    } else {
      this.#execute(command, line);
    }
  }

  /** Something that the runner itself has to complain about. */
  report(level: AnnotationLevel, message: string): void {
    this.#writeTagged(level, this.annotations.add({ level, title: '', message }));
  }

  /** The log as a reader sees it: groups unfolded, lines in a group indented, secrets masked. */
  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  #commandTable(): Map<string, (command: WorkflowCommand) => void> {
    const annotate = (level: AnnotationLevel) => (command: WorkflowCommand) =>
      this.#writeTagged(level, this.annotations.add(annotationFrom(level, command, this.#options.workspace)));
    return new Map([
      ['error', annotate('error')],
      ['warning', annotate('warning')],
      ['notice', annotate('notice')],
      ['debug', ({ data }) => this.#debug(data)],
      ['group', ({ data }) => this.#openGroup(data)],
      ['endgroup', () => this.#closeGroup()],
      ['add-mask', ({ data }) => this.#addMask(data)],
      ['stop-commands', ({ data }) => this.#stopCommands(data)],
      ['set-output', (command) => void this.outputs.set(required(command, 'name'), command.data)],
      ['save-state', (command) => void this.state.set(required(command, 'name'), command.data)],
      ['echo', () => {}],
      ...MATCHER_COMMANDS.map((name) => [name, () => {}] as const),
      ...DISABLED_COMMANDS.map((name) => [name, refuse] as const),
    ]);
  }

  #execute(command: WorkflowCommand, line: string): void {
    try {
      this.#commands.get(command.name)?.(command);
    } catch (error) {
      this.failed = true;
      this.report('error', `Unable to process command '${line}' successfully.`);
      this.report('error', error instanceof Error ? error.message : String(error));
    }
  }

  #openGroup(name: string): void {
    this.#closeGroup();
    this.groups.push(this.#options.masker.mask(name));
    this.#write(`▼ ${name}`);
    this.#inGroup = true;
  }

  #closeGroup(): void {
    this.#inGroup = false;
  }

  #debug(message: string): void {
    if (this.#options.debug) {
      this.#write(`Debug: ${message}`);
    }
  }

  #addMask(value: string): void {
    if (value.trim() === '') {
      this.report('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
      return;
    }
    this.masks.push(value);
    this.#options.masker.add(value);
  }

  #stopCommands(token: string): void {
    if (token === '' || token.toLowerCase() === 'pause-logging' || this.#commands.has(token.toLowerCase())) {
      throw new Error(`'${token}' cannot be the token that resumes commands.`);
    }
    this.#stopToken = token;
    this.#write(`::stop-commands::${token}`);
  }

  #resumeOn(name: string): void {
    if (name === this.#stopToken?.toLowerCase()) {
      this.#stopToken = undefined;
    }
  }

  #writeTagged(level: AnnotationLevel, message: string): void {
    this.#write(`${level.charAt(0).toUpperCase()}${level.slice(1)}: ${message}`);
  }

  #write(text: string): void {
    const indent = this.#inGroup ? '  ' : '';
    for (const line of this.#options.masker.mask(text).split(/\r?\n/)) {
      this.#lines.push(indent + line);
      this.#options.onLine?.(indent + line);
    }
  }
}

function required(command: WorkflowCommand, property: string): string {
  const value = command.properties.get(property);
  if (value === undefined) {
    throw new Error(`Required field '${property}' is missing in ##[${command.name}] command.`);
  }
  return value;
}

function refuse(command: WorkflowCommand): never {
  throw new Error(`The \`${command.name}\` command is disabled. Please upgrade to using Environment Files.`);
}
