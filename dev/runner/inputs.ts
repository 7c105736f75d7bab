import type { ActionDefinition } from './action.ts';

/** A step's inputs as the action gets to see them, and what the runner has to say about them. */
export interface ResolvedInputs {
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** As far as defaults use them (actions/runner, `action_yaml.json`, `input-default-context`). */
export interface Contexts {
  readonly github: ReadonlyMap<string, string>;
  /** Absent in a job without one. */
  readonly matrix?: Readonly<Record<string, unknown>> | undefined;
}

const EXPRESSION = /\$\{\{\s*(.*?)\s*\}\}/g;

/**
 * Merges what the step gives (`with:`) with the defaults that the action declares. Input names ignore case; an
 * undeclared input is handed over all the same, with a warning.
 *
 * @param contexts what expressions in defaults may use
 * @throws {Error} when a default uses any expression other than `${{ github.<property> }}` and `${{ toJSON(matrix) }}`
 */
export function resolveInputs(
  action: ActionDefinition,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
): ResolvedInputs {
  const values = new Map(Object.entries(given));
  const givenNames = new Set(Object.keys(given).map(caseless));
  for (const [name, input] of action.inputs) {
    if (!givenNames.has(caseless(name))) {
      values.set(name, evaluate(name, input.default, contexts));
    }
  }
  return { values, warnings: [...deprecations(action, givenNames), ...unexpected(action, Object.keys(given))] };
}

/** The environment variable of an input: upper case, spaces to underscores, and hyphens left alone. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function evaluate(input: string, value: string, { github, matrix }: Contexts): string {
  return value.replaceAll(EXPRESSION, (whole, expression: string) => {
    if (expression === 'toJSON(matrix)') return JSON.stringify(matrix ?? null, null, 2);
    const property = /^github\.([a-z_]+)$/.exec(expression)?.[1];
    if (property === undefined) {
      throw new Error(
        `the default of input '${input}' uses ${whole}; only github.<property> and toJSON(matrix) are understood here`,
      );
    }
    return github.get(property) ?? '';
  });
}

function deprecations(action: ActionDefinition, given: ReadonlySet<string>): string[] {
  return Array.from(action.inputs).flatMap(([name, { deprecationMessage }]) =>
    deprecationMessage !== undefined && given.has(caseless(name))
      ? [`Input '${name}' has been deprecated with message: ${deprecationMessage}`]
      : [],
  );
}

function unexpected(action: ActionDefinition, given: readonly string[]): string[] {
  const declared = Array.from(action.inputs.keys());
  const known = new Set(declared.map(caseless));
  const strangers = given.filter((name) => !known.has(caseless(name)));
  return strangers.length === 0
    ? []
    : [`Unexpected input(s) ${quoted(strangers)}, valid inputs are [${quoted(declared)}]`];
}

function caseless(name: string): string {
  return name.toLowerCase();
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
