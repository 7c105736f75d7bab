import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SecretMasker } from '../../dev/runner/masks.ts';
import { StepLog } from '../../dev/runner/step-log.ts';
import type { BackupInputs } from '../../src/inputs/backup.ts';
import { parseBackupInputs } from '../../src/inputs/backup.ts';
import type { InputContext } from '../../src/inputs/context.ts';
import { InputReader } from '../../src/inputs/reader.ts';
import type { InputSource } from '../../src/inputs/source.ts';

export type Inputs = Readonly<Record<string, string>>;

export interface ActionYaml {
  readonly inputs: Readonly<Record<string, InputYaml>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

export interface InputYaml {
  readonly description: string;
  readonly default?: string;
  readonly required?: boolean;
}

/** @param name of the action; the one at the top of the project is `backup` */
export function actionYamlOf(name: string): ActionYaml {
  const path = name === 'backup' ? 'action.yml' : `${name}/action.yml`;
  return parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

export const actionYaml: ActionYaml = actionYamlOf('backup');

export const context: InputContext = {
  workspace: '/home/runner/work/demo/demo',
  repository: 'octo-org/demo',
  ref: 'refs/heads/main',
  workflow: 'Backup',
  job: 'backup',
};

/** What the runner makes of the expressions in action.yml. */
const EXPRESSIONS: Inputs = {
  '${{ github.workspace }}': context.workspace,
  '${{ github.event.repository.name }}': 'demo',
  '${{ toJSON(matrix) }}': 'null',
};

/** What a step writes where an action has no default. */
const REQUIRED: Inputs = { path: 'dist/**', bucket: 'acme-backups', version: 'latest' };

/** What a step has that gives nothing but what is required. */
export function minimalInputsOf({ inputs }: ActionYaml): Inputs {
  const value = (name: string, { default: given = '', required }: InputYaml) =>
    required ? (REQUIRED[name] ?? '') : (EXPRESSIONS[given] ?? given);
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, value(name, input)]));
}

/** Of the two that one is required of, files. */
export const minimalInputs: Inputs = { ...minimalInputsOf(actionYaml), path: 'dist/**' };

/** Inputs as a source, which cuts them as the toolkit does. */
export function sourceOf(inputs: Inputs): InputSource {
  const get = (name: string) => (inputs[name] ?? '').trim();
  return {
    get,
    getLines: (name) =>
      get(name)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  };
}

export function readerOf(inputs: Inputs): InputReader {
  return new InputReader(sourceOf({ ...minimalInputs, ...inputs }));
}

/** Parses a minimal step with some inputs of its own. */
export function parseWith(inputs: Inputs): BackupInputs {
  return parseBackupInputs(sourceOf({ ...minimalInputs, ...inputs }), context);
}

/** What the runner makes of all that is written to stdout in the meantime. */
export async function onRunner(work: () => void | Promise<void>, { debug = false } = {}): Promise<StepLog> {
  const written: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  const log = new StepLog({ workspace: context.workspace, masker: new SecretMasker(), debug });
  for (const line of written.join('').split(/\r\n|\r|\n/)) log.accept(line);
  return log;
}
