import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { actionFolders, stub, writeStubs } from '../../scripts/stubs.ts';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'stubs-'));
  for (const folder of ['dist', 'list', 'docs']) await mkdir(join(project, folder));
  await writeFile(join(project, 'action.yml'), 'runs:\n  main: dist/index.js\n');
  await writeFile(join(project, 'list', 'action.yml'), 'runs:\n  main: ../dist/list.js\n');
});

afterEach(() => rm(project, { recursive: true }));

describe('writeStubs', () => {
  it('writes one entry for each folder with an action', async () => {
    expect(await writeStubs(project)).toEqual(['list']);
    expect(await readdir(join(project, 'dist'))).toEqual(['cli.js', 'list.js']);
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
  });
});
