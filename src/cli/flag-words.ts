import { TERMINAL_COMMANDS } from './declared.ts';

const INPUTS: ReadonlySet<string> = new Set(TERMINAL_COMMANDS.flatMap(({ inputs }) => inputs.map(({ name }) => name)));

/**
 * An input as messages write it, with a value or without. Where a message calls it an input it is one by this name, and
 * may have been given by a variable or in a file.
 */
const INPUT = /(?<!\binput )`([a-z][a-z-]*)(?:: ([\w.-]+))?`/g;

/**
 * The inputs that a message names, in the words of a command line: `` `level: data` `` becomes `` `--level data` ``, and
 * `` `path` `` becomes `` `--path` ``. What no command takes as a flag stays as it is.
 */
export function flagWords(message: string): string {
  return message.replace(INPUT, (written: string, name: string, value: string | undefined) => {
    if (!INPUTS.has(name)) return written;
    return value === undefined ? `\`--${name}\`` : `\`--${name} ${value}\``;
  });
}
