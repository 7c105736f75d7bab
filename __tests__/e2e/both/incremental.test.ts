import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { snapshot } from '../compare-trees.ts';
import { complaints } from '../complaints.ts';
import { SERIES } from '../stored.ts';
import { plant } from '../tree.ts';
import { startWorld, type World, withWorkspace } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const INCREMENTAL = { path: 'dist', incremental: 'auto', 'full-every': '7, 30d' };

describe('an incremental version', () => {
  it('sends what is new, outlives the version it leans on, and comes back', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const at = (name: string) => join(workspace, 'dist', name);
      await mkdir(at(''));
      for (const name of ['a', 'b', 'c']) await writeFile(at(name), `content of ${name}\n`);
      const first = await world.backup(bucket, { workspace, inputs: INCREMENTAL });
      expect(first).toMatchObject({ exitCode: 0, annotations: [] });
      const { 'version-id': firstId = '' } = first.outputs;

      await writeFile(at('a'), 'changed\n');
      await rm(at('c'));
      const second = await world.backup(bucket, { workspace, inputs: { ...INCREMENTAL, 'keep-last': '1' } });
      expect({ exitCode: second.exitCode, complaints: complaints(second) }).toEqual({ exitCode: 0, complaints: [] });
      const { 'version-id': id = '', pruned, 'uploaded-bytes': sent } = second.outputs;
      expect(id).toMatch(/^dist_incremental_\d{8}T\d{6}Z_000002$/);
      expect([JSON.parse(pruned ?? ''), sent]).toEqual([[firstId], '8']);
      expect(second.summary).toContain('Committed as incremental');
      expect(await bucket.keys()).toEqual(
        [
          'backups/dist/claims/000001.json',
          'backups/dist/claims/000002.json',
          `backups/dist/data/${firstId}/files/dist/b`,
          `backups/dist/data/${id}/files/dist/a`,
          `backups/dist/data/${id}/index.ndjson.zst`,
          `backups/dist/versions/${id}.json`,
        ].sort(),
      );

      await rm(at(''), { recursive: true });
      const restored = await world.run('restore', bucket, { workspace, inputs: { target: '.' } });
      expect(restored).toMatchObject({ exitCode: 0, annotations: [] });
      expect(await readFile(at('a'), 'utf8')).toBe('changed\n');
      expect(await readFile(at('b'), 'utf8')).toBe('content of b\n');
      await expect(readFile(at('c'))).rejects.toMatchObject({ code: 'ENOENT' });
      const verified = await world.run('verify', bucket, { workspace, inputs: { level: 'data', version: 'all' } });
      expect(verified).toMatchObject({ exitCode: 0, annotations: [] });
    });
  });
});

/** Enough that they go into packs by default; `edit` gives them other contents. */
const manySmall = (from: number, edit: number) =>
  Object.fromEntries(
    Array.from({ length: 120 - from }, (_, at) => [`dist/${from + at}.txt`, `file ${from + at}, edit ${edit}\n`]),
  );

/** Two lists of the catalogue and one of the claims, lifecycle, the base's record, index and data; claim twice, pack, index, record. */
const REPACK_REQUESTS = 12;

describe('a pack of which most is pruned', () => {
  it('is packed anew by the next backup, goes with the next prune, and all comes back', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      const inputs = { path: 'dist', incremental: 'auto' };
      await plant(workspace, manySmall(0, 1));
      const first = await world.backup(bucket, { workspace, inputs });
      await plant(workspace, manySmall(20, 2));
      const second = await world.backup(bucket, { workspace, inputs: { ...inputs, 'keep-last': '1' } });
      expect(JSON.parse(second.outputs.pruned ?? '')).toEqual([first.outputs['version-id']]);
      const packs = () => bucket.keys(`${SERIES}data/`).then((keys) => keys.filter((key) => key.includes('/packs/')));
      const packOf = ({ outputs }: typeof first) => `${SERIES}data/${outputs['version-id']}/packs/0001.tar.zst`;
      expect(await packs()).toEqual([packOf(first), packOf(second)]);

      const third = await world.backup(bucket, { workspace, inputs });
      expect(third).toMatchObject({ exitCode: 0, annotations: [] });
      expect(third.outputs['version-id']).toContain('_incremental_');
      expect(third.log).toContain('What is left of 1 old pack is packed anew');
      expect(Number(third.outputs.requests)).toBeLessThanOrEqual(REPACK_REQUESTS);
      expect(Number(third.outputs['uploaded-bytes'])).toBeGreaterThan(0);
      const pruned = await world.run('prune', bucket, { workspace, inputs: { 'keep-last': '1' } });
      expect({ exitCode: pruned.exitCode, complaints: complaints(pruned) }).toEqual({ exitCode: 0, complaints: [] });
      expect(await packs()).toEqual([packOf(second), packOf(third)].sort());

      await withWorkspace(async (scratch) => {
        const restored = await world.run('restore', bucket, { workspace: scratch, inputs: { target: '.' } });
        expect(restored).toMatchObject({ exitCode: 0, outputs: { files: '120' } });
        expect(await snapshot(scratch)).toEqual(await snapshot(workspace));
      });
      const verified = await world.run('verify', bucket, { workspace, inputs: { level: 'data', version: 'all' } });
      expect(verified).toMatchObject({ exitCode: 0, annotations: [] });
    });
  });
});
