import { Option } from 'commander';
import type { DeclaredInput } from './declared.ts';

/** What commander makes of an option: by its kind a text, texts, or for `--no-…` a boolean. */
type OptionValue = string | readonly string[] | boolean;

/** The flags of an input: one of its name, and `--no-…` for one that is on by default. */
export function inputOptions(input: DeclaredInput): readonly Option[] {
  const { name, kind, fallback } = input;
  const description = `${input.description}${remark(input)}`;
  switch (kind) {
    case 'text':
      return [new Option(`--${name} <value>`, description)];
    case 'lines':
      return [new Option(`--${name} <line>`, description).argParser(collect)];
    case 'flag': {
      const option = new Option(`--${name} [true|false]`, description);
      return fallback === 'true' ? [option, new Option(`--no-${name}`, `The same as --${name} false.`)] : [option];
    }
  }
}

/** The texts of the inputs that were given as flags. */
export function givenInputs(
  inputs: readonly DeclaredInput[],
  values: Readonly<Record<string, OptionValue | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(
    inputs.flatMap(({ name }) => {
      const value = values[new Option(`--${name}`).attributeName()];
      return value === undefined ? [] : [[name, textOf(value)] as const];
    }),
  );
}

function textOf(value: OptionValue): string {
  return typeof value === 'object' ? value.join('\n') : String(value);
}

function collect(line: string, before: unknown): readonly string[] {
  return Array.isArray(before) ? [...before, line] : [line];
}

function remark({ kind, required, fallbackMeaning }: DeclaredInput): string {
  const remarks = [
    ...(kind === 'lines' ? ['give it once for each line'] : []),
    ...(required ? ['required'] : []),
    ...(fallbackMeaning === '' ? [] : [`default: ${fallbackMeaning}`]),
  ];
  return remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
}
