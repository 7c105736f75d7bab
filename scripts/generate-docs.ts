/**
 * Writes the tables of inputs and outputs into the READMEs, from the action.yml beside them.
 *
 *   node scripts/generate-docs.ts           write
 *   node scripts/generate-docs.ts --check   write nothing; exit 1 if a table is not what action.yml says
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { replaceBetween } from './markers.ts';

/** Folders, relative to the project's root, that hold an action.yml and a README.md. */
const FOLDERS: readonly string[] = ['.'];

const actionSchema = z.object({
  inputs: z
    .record(
      z.string(),
      z.object({ description: z.string(), required: z.boolean().default(false), default: z.string().default('') }),
    )
    .default({}),
  outputs: z.record(z.string(), z.object({ description: z.string() })).default({}),
});

type Action = z.infer<typeof actionSchema>;

/**
 * A README with its tables made anew, between `<!-- inputs:begin -->` and `<!-- inputs:end -->`, likewise `outputs`.
 * @param actionYaml text of the action.yml
 * @throws Error where a marker is missing or the action.yml has another form
 */
export function withTables(readme: string, actionYaml: string): string {
  const action = actionSchema.parse(parse(actionYaml));
  return replaceBetween(replaceBetween(readme, 'inputs', inputsTable(action)), 'outputs', outputsTable(action));
}

function inputsTable({ inputs }: Action): string {
  const rows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    input.description,
    input.required ? '**required**' : code(input.default),
  ]);
  return table(['Input', 'What it does', 'Default'], rows);
}

function outputsTable({ outputs }: Action): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => [code(name), description]);
  return table(['Output', 'What it holds'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** GitHub's tables split cells at every `|` that has no backslash, in code too (GFM specification, 4.10). */
function cell(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/**
 * Makes the tables of one folder.
 * @returns whether the README was out of date
 */
export async function generate(folder: string, options: { readonly write: boolean }): Promise<boolean> {
  const path = join(folder, 'README.md');
  const readme = await readFile(path, 'utf8');
  const fresh = withTables(readme, await readFile(join(folder, 'action.yml'), 'utf8'));
  const isStale = fresh !== readme;
  if (isStale && options.write) await writeFile(path, fresh);
  return isStale;
}

async function main(write: boolean): Promise<void> {
  for (const folder of FOLDERS) {
    const isStale = await generate(join(import.meta.dirname, '..', folder), { write });
    if (isStale && !write) {
      console.error(`${join(folder, 'README.md')} is not what action.yml says: run node scripts/generate-docs.ts`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) await main(!process.argv.includes('--check'));
