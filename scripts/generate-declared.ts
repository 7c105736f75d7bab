/**
 * Writes what the terminal knows of the inputs, from the action.yml files, which the bundle does not hold.
 *
 *   node scripts/generate-declared.ts           write
 *   node scripts/generate-declared.ts --check   write nothing; exit 1 if the file is not what the action.yml files say
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { actionFolders } from './stubs.ts';

const PROJECT = join(import.meta.dirname, '..');
const FILE = join(PROJECT, 'src/inputs/declared.json');

const actionSchema = z.object({
  description: z.string(),
  inputs: z.record(
    z.string(),
    z.object({ description: z.string(), required: z.boolean().optional(), default: z.string().optional() }),
  ),
});

/** Description and inputs of every action, by its name, as JSON in the project's format. */
export async function declaredJson(): Promise<string> {
  const folders = await actionFolders(PROJECT);
  // The action in the root of the project has no folder to be named after.
  const places = [['backup', '.'] as const, ...folders.map((folder) => [folder, folder] as const)];
  const actions = await Promise.all(places.map(async ([name, folder]) => [name, await readAction(folder)] as const));
  return `${JSON.stringify(Object.fromEntries(actions), undefined, 2)}\n`;
}

async function readAction(folder: string): Promise<z.infer<typeof actionSchema>> {
  return actionSchema.parse(parse(await readFile(join(PROJECT, folder, 'action.yml'), 'utf8')));
}

async function main(write: boolean): Promise<void> {
  const fresh = await declaredJson();
  if (write) {
    await writeFile(FILE, fresh);
  } else if (fresh !== (await readFile(FILE, 'utf8'))) {
    console.error(
      'src/inputs/declared.json is not what the action.yml files say: run node scripts/generate-declared.ts',
    );
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(!process.argv.includes('--check'));
