/**
 * Writes the entries of the actions in folders of their own (`list/action.yml` → `dist/list.js`): each names its command and
 * loads the one bundle. And those of the terminal, `dist/cli.js`, and of the backup's post phase, `dist/post.js`.
 *
 *   node scripts/stubs.ts
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..');

/** The names of the folders of a project that hold an action.yml, in order. */
export async function actionFolders(project: string): Promise<string[]> {
  const files = await readdir(project, { withFileTypes: true });
  const folders = files.filter((file) => file.isDirectory()).map(({ name }) => name);
  const hasAction = await Promise.all(
    folders.map(async (name) => (await readdir(join(project, name))).includes('action.yml')),
  );
  return folders.filter((_, index) => hasAction[index]).sort();
}

/**
 * What `dist/cli.js` holds, which npm links to as the program; it passes on the words of the command line. An older Node.js
 * would fail somewhere in the bundle, and say nothing of the reason.
 */
export const CLI_STUB = `#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error('versioned-s3-backup needs Node.js 24 or newer, but this is ' + process.versions.node + ': install a newer one, or run \`npm ci\` in the checkout and take node_modules/.bin/node.');
  process.exit(2);
}
process.argv.splice(2, 0, 'cli');
await import('./index.js');
`;

/** What `dist/<name>.js` holds. */
export function stub(name: string): string {
  return `process.argv[2] = '${name}';\nawait import('./index.js');\n`;
}

/**
 * @returns the names of the actions
 * @throws Error for an action.yml that starts something else than its stub
 */
export async function writeStubs(project: string): Promise<string[]> {
  const names = await actionFolders(project);
  for (const name of names) {
    const main = `main: ../dist/${name}.js`;
    const actionYaml = await readFile(join(project, name, 'action.yml'), 'utf8');
    if (!actionYaml.includes(main)) throw new Error(`${name}/action.yml needs the line \`${main}\`.`);
    await writeFile(join(project, 'dist', `${name}.js`), stub(name));
  }
  await writeFile(join(project, 'dist', 'post.js'), stub('post'));
  await writeFile(join(project, 'dist', 'cli.js'), CLI_STUB);
  return names;
}

if (import.meta.main) await writeStubs(PROJECT);
