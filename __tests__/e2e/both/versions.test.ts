import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY, startWorld, type World, withWorkspace } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function project(directory: string, text = 'one'): Promise<void> {
  await mkdir(join(directory, 'dist/sub'), { recursive: true });
  await mkdir(join(directory, 'dist/empty'), { recursive: true });
  await writeFile(join(directory, 'dist/app.js'), `console.log('${text}')\n`, { mode: 0o644 });
  await writeFile(join(directory, 'dist/sub/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('app.js', join(directory, 'dist/latest')).catch(() => {});
}

describe('versions', () => {
  it('makes a first version whose record, index, tags and objects say what was stored', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await project(workspace);
      const result = await world.backup(bucket, { workspace, inputs: { path: 'dist', tags: 'team=core' } });

      expect(result).toMatchObject({ exitCode: 0, annotations: [] });
      expect(result.outputs).toMatchObject({ version: '1', files: '2', pruned: '[]' });
      const { 'version-id': id = '', 'record-key': recordKey = '' } = result.outputs;
      expect(id).toMatch(/^dist_full_\d{8}T\d{6}Z_000001$/);

      const record = await bucket.json(recordKey);
      expect(record).toMatchObject({
        format: 1,
        id,
        number: 1,
        type: 'full',
        run: { repository: REPOSITORY },
        tags: { team: 'core' },
        totals: { files: 2, symlinks: 1, directories: 1 },
      });

      const lines = await bucket.index(recordKey);
      expect(lines.map(({ path, type }) => [path, type])).toEqual([
        ['dist/app.js', 'file'],
        ['dist/empty', 'directory'],
        ['dist/latest', 'symlink'],
        ['dist/sub/run.sh', 'file'],
      ]);
      const content = await readFile(join(workspace, 'dist/app.js'));
      const [app, , , run] = lines;
      expect(app).toMatchObject({ sha256: createHash('sha256').update(content).digest('hex'), mode: '0644' });
      expect(run).toMatchObject({ mode: '0755' });
      expect(await bucket.read(`backups/dist/${app?.key}`)).toEqual(content);

      for (const key of await bucket.keys()) {
        expect(await bucket.tags(key)).toMatchObject({ repository: REPOSITORY, version: id, team: 'core' });
      }
    });
  });

  it('adds versions, keeps the newest, and says in log and summary what became of the others', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const ids: string[] = [];
      for (const text of ['one', 'two', 'three']) {
        await project(workspace, text);
        const result = await world.backup(bucket, { workspace, inputs: { path: 'dist', 'keep-last': '2' } });
        expect(result.exitCode).toBe(0);
        ids.unshift(result.outputs['version-id'] ?? '');
        expect(JSON.parse(result.outputs.kept ?? '')).toEqual(ids.slice(0, 2));
        expect(JSON.parse(result.outputs.pruned ?? '')).toEqual(ids.slice(2));
        if (text === 'three') {
          expect(result.summary).toContain('Difference to version 2');
          expect(result.log).toContain('beyond the last 2');
        }
      }
      const keys = await bucket.keys();
      // What has not changed since is still needed, and the claim by which it is found when nobody needs it any more.
      const shared = keys.filter((key) => key.includes(ids[2] ?? ''));
      expect(shared).toEqual([`backups/dist/data/${ids[2]}/files/dist/sub/run.sh`]);
      expect(keys.filter((key) => key.startsWith('backups/dist/versions/'))).toHaveLength(2);
      expect(keys.filter((key) => key.startsWith('backups/dist/claims/'))).toHaveLength(3);
    });
  });

  it('resolves templates by the run, and goes on where the objects of a series were copied to', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await project(workspace);
      const series = { path: 'dist', name: '{repo}_{ref}' };
      const run = { workspace, ref: 'refs/heads/release-1', matrix: { os: 'ubuntu-latest', node: 22 } };
      const first = await world.backup(bucket, { ...run, inputs: { ...series, prefix: '{owner}/{matrix}' } });
      const place = 'octo-org/node.22_os.ubuntu-latest/octo-repo_release-1/';
      expect(first.outputs['record-key']).toMatch(`${place}versions/octo-repo_release-1_full_`);

      const branch = { ...run, ref: 'refs/heads/a{job}/../../b' };
      const other = await world.backup(bucket, { ...branch, inputs: { path: 'dist', name: '{ref}' } });
      expect(other.outputs['record-key']).toMatch(/^backups\/a-job-\.\.-\.\.-b-[0-9a-f]{16}\/versions\//);

      for (const key of await bucket.keys('octo-org/')) {
        await bucket.put(key.replace('octo-org/', 'moved/'), await bucket.read(key));
      }
      const next = await world.backup(bucket, { ...run, inputs: { ...series, prefix: 'moved/{matrix}' } });
      expect(next.outputs).toMatchObject({ version: '2' });
      expect(next.summary).toContain('Difference to version 1');
    });
  });
});
