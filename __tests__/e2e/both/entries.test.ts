import { chmod, lutimes, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Tree, withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

/** Links need a privilege on Windows, and there are no permission bits. */
const onPosix = process.platform === 'win32' ? describe.skip : describe;

const SECRET = 'outside of the root';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

onPosix('symbolic links', () => {
  const tree = (outside: string): Tree => ({
    'dir/file': 'inside',
    'to-file': { linkTo: 'dir/file' },
    'to-directory': { linkTo: 'dir' },
    'dir/to-itself': { linkTo: '.' },
    'out-of-the-root': { linkTo: outside },
    'to-a-file-outside': { linkTo: join(outside, 'secret') },
    broken: { linkTo: 'no/such/file' },
  });

  it('are kept as links, broken or not, and never followed', async () => {
    const bucket = await world.createBucket();
    await withTree({ secret: SECRET }, (outside) =>
      withTree(tree(outside), async (workspace) => {
        const { exitCode, outputs, annotations } = await world.backup(bucket, { workspace });
        expect({ exitCode, annotations, files: outputs.files }).toEqual({ exitCode: 0, annotations: [], files: '1' });
        const lines = await bucket.index(outputs['record-key'] ?? '');
        expect(lines.map(({ path, type, target }) => [path, type, target])).toEqual([
          ['broken', 'symlink', 'no/such/file'],
          ['dir/file', 'file', undefined],
          ['dir/to-itself', 'symlink', '.'],
          ['out-of-the-root', 'symlink', outside],
          ['to-a-file-outside', 'symlink', join(outside, 'secret')],
          ['to-directory', 'symlink', 'dir'],
          ['to-file', 'symlink', 'dir/file'],
        ]);
        const data = await bucket.objects('backups/dist/data/');
        expect(data.map(({ key }) => key.split('/').slice(4).join('/'))).toEqual([
          'files/dir/file',
          'index.ndjson.zst',
        ]);
      }),
    );
  });

  it('are what is kept where a pattern leads through them', async () => {
    const bucket = await world.createBucket();
    await withTree({ secret: SECRET }, (outside) =>
      withTree(tree(outside), async (workspace) => {
        const inputs = { path: 'out-of-the-root/**\nto-directory/file' };
        const { exitCode, outputs } = await world.backup(bucket, { workspace, inputs });
        expect(exitCode).toBe(0);
        const lines = await bucket.index(outputs['record-key'] ?? '');
        expect(lines.map(({ path, type }) => [path, type])).toEqual([
          ['out-of-the-root', 'symlink'],
          ['to-directory', 'symlink'],
        ]);
        for (const key of await bucket.keys()) expect((await bucket.read(key)).includes(SECRET)).toBe(false);
      }),
    );
  });
});

onPosix('entries', () => {
  it('have their mode, also empty directories', async () => {
    const bucket = await world.createBucket();
    const modes: Record<string, number> = {
      plain: 0o644,
      private: 0o600,
      tool: 0o755,
      setuid: 0o4750,
      readonly: 0o444,
    };
    const files = Object.fromEntries(Object.keys(modes).map((name) => [name, name]));
    await withTree({ ...files, 'empty/': '', 'sticky/': '' }, async (workspace) => {
      for (const [name, mode] of Object.entries(modes)) await chmod(join(workspace, name), mode);
      await chmod(join(workspace, 'empty'), 0o700);
      await chmod(join(workspace, 'sticky'), 0o1777);
      const { outputs } = await world.backup(bucket, { workspace });
      const lines = await bucket.index(outputs['record-key'] ?? '');
      expect(Object.fromEntries(lines.map(({ path, mode }) => [path, mode]))).toEqual({
        empty: '0700',
        plain: '0644',
        private: '0600',
        readonly: '0444',
        setuid: '4750',
        sticky: '1777',
        tool: '0755',
      });
      expect(await bucket.json(outputs['record-key'] ?? '')).toMatchObject({ totals: { files: 5, directories: 2 } });
    });
  });

  it('have their time of modification to the nanosecond', async () => {
    const bucket = await world.createBucket();
    await withTree({ file: '', old: '', 'empty/': '', link: { linkTo: 'file' } }, async (workspace) => {
      // Fractions that a double holds exactly.
      const seconds = Date.UTC(2001, 1, 3, 4, 5, 6) / 1000;
      await utimes(join(workspace, 'file'), seconds, seconds + 2 ** -9);
      await utimes(join(workspace, 'old'), new Date(0), new Date(-1500));
      await utimes(join(workspace, 'empty'), seconds, seconds);
      await lutimes(join(workspace, 'link'), seconds, seconds + 0.25);
      const { outputs } = await world.backup(bucket, { workspace });
      const lines = await bucket.index(outputs['record-key'] ?? '');
      expect(Object.fromEntries(lines.map(({ path, mtime }) => [path, mtime]))).toEqual({
        empty: '2001-02-03T04:05:06Z',
        file: '2001-02-03T04:05:06.001953125Z',
        link: '2001-02-03T04:05:06.25Z',
        old: '1969-12-31T23:59:58.5Z',
      });
    });
  });

  it('of directories are only those of empty ones', async () => {
    const bucket = await world.createBucket();
    const tree = { 'a/b/file': '', 'a/empty/': '', 'a/only-left-out/.env': SECRET };
    await withTree(tree, async (workspace) => {
      const { outputs } = await world.backup(bucket, { workspace });
      const lines = await bucket.index(outputs['record-key'] ?? '');
      expect(lines.map(({ path, type }) => [path, type])).toEqual([
        ['a/b/file', 'file'],
        ['a/empty', 'directory'],
      ]);
    });
  });
});
