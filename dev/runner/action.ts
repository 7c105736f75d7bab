import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** What the runner takes from an `action.yml`. */
export interface ActionDefinition {
  readonly name: string;
  /** Absolute paths of the scripts. */
  readonly main: string;
  readonly post?: string;
  readonly inputs: ReadonlyMap<string, InputDefinition>;
}

export interface InputDefinition {
  /** As written, expressions included; empty when the action declares none. */
  readonly default: string;
  readonly deprecationMessage?: string;
}

// `default: 7` and `default: false` mean the text "7" and "false", which is what YAML's failsafe schema makes of them.
const YAML_SCHEMA = 'failsafe';

const Input = z.object({ default: z.string().default(''), deprecationMessage: z.string().optional() });
const Manifest = z.object({
  name: z.string(),
  inputs: z.record(z.string(), Input.or(z.literal('').transform(() => Input.parse({})))).default({}),
  runs: z.object({ using: z.string().startsWith('node'), main: z.string(), post: z.string().optional() }),
});

/**
 * Reads an action's metadata file (syntax: docs.github.com, "Metadata syntax for GitHub Actions").
 *
 * @param path the `action.yml`, or the folder that holds it
 * @throws {Error} when the file is missing or does not describe a JavaScript action
 */
export async function readAction(path: string): Promise<ActionDefinition> {
  const file = /\.ya?ml$/.test(path) ? resolve(path) : join(resolve(path), 'action.yml');
  const parsed = Manifest.safeParse(parse(await readFile(file, 'utf8'), { schema: YAML_SCHEMA }));
  if (!parsed.success) {
    throw new Error(`${file} does not describe a JavaScript action: ${z.prettifyError(parsed.error)}`);
  }
  const { name, inputs, runs } = parsed.data;
  const script = (relative: string) => join(dirname(file), relative);
  return {
    name,
    main: script(runs.main),
    ...(runs.post === undefined ? {} : { post: script(runs.post) }),
    inputs: new Map(Object.entries(inputs).map(([key, input]) => [key, inputDefinition(input)])),
  };
}

function inputDefinition(input: z.infer<typeof Input>): InputDefinition {
  const { default: value, deprecationMessage } = input;
  return { default: value, ...(deprecationMessage === undefined ? {} : { deprecationMessage }) };
}
