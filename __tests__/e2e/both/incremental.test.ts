import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaints } from '../complaints.ts';
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
