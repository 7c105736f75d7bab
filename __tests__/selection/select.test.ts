import { chmod, mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { select } from '../../src/selection/select.ts';
import type { Selection, SelectionOptions } from '../../src/selection/types.ts';
import { keyProblem } from '../../src/store/object-key.ts';
import { recording } from './selecting.ts';
import { asNobody, collect, itOnLinux, itOnPosix, plant, plantIn, temporaryDirectory } from './tree.ts';

async function optionsFor(root: string, ...patterns: readonly string[]): Promise<SelectionOptions> {
  return {
    patterns,
    workspace: root,
    root,
    includeHiddenFiles: false,
    temporaryDirectory: await temporaryDirectory(),
    pathProblem: keyProblem,
  };
}

async function pathsOf(selection: Selection): Promise<string[]> {
  return (await collect(selection.entries())).map(({ path }) => path);
}

describe('select', () => {
  it('finds entries with their totals, largest and skipped', async () => {
    const root = await plant('dist/app.js', 'dist/app.js.map', 'dist/empty/', 'dist/.cache/x', 'dist/.env', 'src/x');
    const selection = await select(await optionsFor(root, 'dist/**', '!dist/**/*.map'));
    expect(await pathsOf(selection)).toEqual(['dist/app.js', 'dist/empty']);
    expect(selection.totals).toEqual({ files: 1, symlinks: 0, directories: 1, bytes: 11 });
    expect(selection.largest).toEqual([{ path: 'dist/app.js', size: 11 }]);
    expect(selection.skipped).toEqual({
      hidden: { count: 1, examples: ['dist/.cache'] },
      credentials: { count: 1, examples: ['dist/.env'] },
      special: { count: 0, examples: [] },
    });
    expect(selection.vanished).toEqual({ count: 0, examples: [] });
    await selection.close();
  });

  it('gives entries a place on this machine', async () => {
    const root = await plant('a/b/c');
    const selection = await select(await optionsFor(root, 'a'));
    const [entry] = await collect(selection.entries());
    expect(entry).toMatchObject({ type: 'file', size: 5, absolutePath: join(root, 'a', 'b', 'c') });
    await selection.close();
  });

  it('selects nothing where nothing is', async () => {
    const root = await plant('a');
    for (const patterns of [['b'], ['!a'], ['# a'], [], ['a/b']]) {
      const selection = await select(await optionsFor(root, ...patterns));
      expect(selection.totals).toEqual({ files: 0, symlinks: 0, directories: 0, bytes: 0 });
      expect(await pathsOf(selection)).toEqual([]);
      await selection.close();
    }
  });

  it('starts relative patterns at the root, not at the workspace or the current directory', async () => {
    const workspace = await plant('a/x', 'sub/a/y');
    const options = { ...(await optionsFor(workspace, 'a')), root: join(workspace, 'sub') };
    const selection = await select(options);
    expect(await pathsOf(selection)).toEqual(['a/y']);
    await selection.close();
  });

  itOnPosix('resolves a root that is a link, and takes patterns in both spellings', async () => {
    const directory = await plant('real/a', 'real/b', 'real/c', 'link -> real');
    const options = await optionsFor(join(directory, 'link'), join(directory, 'link/a'), join(directory, 'real/b'));
    const selection = await select(options);
    expect(await pathsOf(selection)).toEqual(['a', 'b']);
    await selection.close();
  });

  it('leaves its own list out, and removes it', async () => {
    const root = await plant('a');
    const selection = await select({ ...(await optionsFor(root, '**')), temporaryDirectory: root });
    expect(await pathsOf(selection)).toEqual(['a']);
    expect(await readdir(root)).toHaveLength(2);
    await selection.close();
    expect(await readdir(root)).toEqual(['a']);
  });

  it('leaves out the directory of temporary files that its list is in', async () => {
    const root = await plant('a', 'versioned-s3-backup-run-abc123/other', 'temporary/mine');
    const paths = async (temporary: string) => {
      const options = { ...(await optionsFor(root, '**')), temporaryDirectory: join(root, temporary) };
      const selection = await select(options);
      const found = await pathsOf(selection);
      await selection.close();
      return found.filter((path) => path.includes('/'));
    };
    expect(await paths('versioned-s3-backup-run-abc123')).toEqual(['temporary/mine']);
    // Where there is none for the run alone it is somebody's files.
    expect(await paths('temporary')).toContain('temporary/mine');
  });

  it('removes its list when it fails', async () => {
    const options = { ...(await optionsFor(await plant('a'), '**')), pathProblem: () => 'no' };
    await expect(select(options)).rejects.toBeInstanceOf(InputError);
    expect(await readdir(options.temporaryDirectory)).toEqual([]);
  });

  it('refuses a bad root before it looks at anything else', async () => {
    const root = join(await plant(), 'missing');
    await expect(select(await optionsFor(root, '../x'))).rejects.toMatchObject({ input: 'root' });
  });

  it('refuses a pattern that leaves the root', async () => {
    const root = await plant('a');
    await expect(select(await optionsFor(root, '../a'))).rejects.toMatchObject({ input: 'path' });
    await expect(select(await optionsFor(root, join(root, '..', 'b')))).rejects.toMatchObject({ input: 'path' });
  });

  it('passes over what vanishes while it looks, and tells of it', async () => {
    const root = await plant('a', 'b', 'c/d');
    const { readDirectory } = recording(root);
    const selection = await select(await optionsFor(root, '**'), async (path) => {
      const items = await readDirectory(path);
      if (path === root) await unlink(join(root, 'a'));
      return path === join(root, 'c') ? undefined : items;
    });
    expect(await pathsOf(selection)).toEqual(['b']);
    expect(selection.vanished).toEqual({ count: 2, examples: ['a', 'c'] });
    await selection.close();
  });

  it('ends before the next directory once the signal is aborted, and leaves no list', async () => {
    const root = await plant('a/b', 'c/d');
    const controller = new AbortController();
    const reason = new Error('stop');
    const { read, readDirectory } = recording(root);
    const options = { ...(await optionsFor(root, '**')), signal: controller.signal };
    const selecting = select(options, async (path) => {
      if (path === join(root, 'a')) controller.abort(reason);
      return readDirectory(path);
    });
    await expect(selecting).rejects.toBe(reason);
    expect(read).toEqual(['', 'a']);
    expect(await readdir(options.temporaryDirectory)).toEqual([]);
  });

  itOnPosix('fails for a directory it must not read, and names it', async () => {
    const root = await plant('closed/');
    await chmod(root, 0o755);
    await chmod(join(root, 'closed'), 0);
    const options = await optionsFor(root, '**');
    await chmod(options.temporaryDirectory, 0o777);
    const error: unknown = await asNobody(() => select(options).catch((reason: unknown) => reason));
    expect(error).toMatchObject({
      class: 'local',
      message: expect.stringContaining('closed" (EACCES): give this job'),
    });
    const selection = await asNobody(async () => select({ ...options, patterns: ['**', '!closed'] }));
    expect(selection.totals.files).toBe(0);
    await selection.close();
  });

  itOnPosix('skips sockets', async () => {
    const root = await plant('a');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve));
    const selection = await select(await optionsFor(root, '**'));
    await new Promise((resolve) => server.close(resolve));
    expect(selection.skipped.special).toEqual({ count: 1, examples: ['socket'] });
    expect(await pathsOf(selection)).toEqual(['a']);
    await selection.close();
  });
});

describe('select and odd names', () => {
  itOnLinux('takes every legal file name', async () => {
    const fixture = new URL('../fixtures/nasty-names.json', import.meta.url);
    const names: { name: string }[] = JSON.parse(await readFile(fixture, 'utf8'));
    const root = await temporaryDirectory();
    await mkdir(join(root, 'd'));
    for (const { name } of names) {
      await writeFile(join(root, 'd', name), name);
      await symlink(name, join(root, name));
    }
    const selection = await select(await optionsFor(root, '**'));
    const entries = await collect(selection.entries());
    const expected = names.flatMap(({ name }) => [name, `d/${name}`]).map((path) => Buffer.from(path));
    expect(entries.map(({ path }) => path)).toEqual(expected.sort(Buffer.compare).map(String));
    for (const entry of entries) {
      const content = entry.type === 'symlink' ? entry.target : await readFile(entry.absolutePath, 'utf8');
      expect(content).toBe(entry.path.replace(/^d\//, ''));
    }
    await selection.close();
  });

  itOnPosix('takes paths of a thousand bytes, and refuses longer ones than S3 holds by name', async () => {
    const long = Array.from({ length: 4 }, () => 'x'.repeat(249)).join('/');
    const root = await plant(`${long}/y`);
    const selection = await select(await optionsFor(root, '**'));
    expect(await pathsOf(selection)).toEqual([`${long}/y`]);
    await selection.close();
    await plantIn(root, `${long}/${'z'.repeat(30)}`);
    await expect(select(await optionsFor(root, '**'))).rejects.toMatchObject({
      input: 'path',
      message: expect.stringMatching(/zzz" \(it has 1030 bytes and S3 allows 1024\); rename it, or exclude it/),
    });
  });
});
