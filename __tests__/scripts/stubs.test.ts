import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { actionFolders, CLI_STUB, stub, writeStubs } from '../../scripts/stubs.ts';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'stubs-'));
  for (const folder of ['dist', 'list', 'docs']) await mkdir(join(project, folder));
  await writeFile(join(project, 'action.yml'), 'runs:\n  main: dist/index.js\n');
  await writeFile(join(project, 'list', 'action.yml'), 'runs:\n  main: ../dist/list.js\n');
});

afterEach(() => rm(project, { recursive: true }));

describe('writeStubs', () => {
  it('writes one entry for each folder with an action, the terminal and the post phase', async () => {
    expect(await writeStubs(project)).toEqual(['list']);
    expect(await readdir(join(project, 'dist'))).toEqual(['cli.js', 'list.js', 'post.js']);
    expect(await readFile(join(project, 'dist', 'list.js'), 'utf8')).toBe(stub('list'));
  });

  it('refuses an action that starts something else', async () => {
    await writeFile(join(project, 'list', 'action.yml'), 'runs:\n  main: ../dist/index.js\n');
    await expect(writeStubs(project)).rejects.toThrow('list/action.yml needs the line `main: ../dist/list.js`');
  });
});

describe('the stubs of this project', () => {
  const root = join(import.meta.dirname, '..', '..');

  it('are in dist/ as they are written', async () => {
    for (const name of await actionFolders(root)) {
      expect(await readFile(join(root, 'dist', `${name}.js`), 'utf8')).toBe(stub(name));
    }
    expect(await readFile(join(root, 'dist', 'post.js'), 'utf8')).toBe(stub('post'));
    expect(await readFile(join(root, 'dist', 'cli.js'), 'utf8')).toBe(CLI_STUB);
  });

  it('tell in the terminal that Node.js is too old', async () => {
    const pretend = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.1.0' } });";
    const program = `${pretend} await import(${JSON.stringify(join(root, 'dist', 'cli.js'))});`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr:
        'versioned-s3-backup needs Node.js 24 or newer, but this is 22.1.0: install a newer one, or run `npm ci` in the checkout and take node_modules/.bin/node.\n',
    });
  });
});
