import { execFile } from 'node:child_process';
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { snapshot } from '../compare-trees.ts';
import { SERIES } from '../stored.ts';
import { type Tree, withTree } from '../tree.ts';
import { FULL_ONLY, startWorld, type World, withWorkspace } from '../world.ts';

const run = promisify(execFile);

/** Two lists of the catalogue and one of the claims, lifecycle, claim twice, pack, index, record. */
const REQUESTS = 9;

/** Names, sizes and kinds of all sorts; no two files with one content, which would be stored once. */
function manySmall(count: number): Tree {
  const files = Array.from({ length: count }, (_, at) => [
    `src/${at % 20}/naïve ${at}.ts`,
    `// file ${at}\n`.repeat((at * 7) % 300),
  ]);
  return { ...Object.fromEntries(files), 'link to': { linkTo: 'src/0/naïve 0.ts' }, 'void/': '' };
}

/** What the tools of the system make of all packs of a version. */
async function unpackWithTools(bucket: Bucket, id: string, target: string): Promise<void> {
  await mkdir(target);
  for (const key of await bucket.keys(`${SERIES}data/${id}/packs/`)) {
    const file = join(target, '..', key.replaceAll('/', '-'));
    await writeFile(file, await bucket.read(key));
    await run('bash', ['-c', 'set -o pipefail; zstd -dc "$0" | tar -xpf - -C "$1"', file, target]);
  }
}

async function hasTools(): Promise<boolean> {
  return run('bash', ['-c', 'command -v zstd tar']).then(
    () => true,
    () => false,
  );
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('many small files', () => {
  it('go into a pack that zstd and tar read, in a handful of requests', async () => {
    const bucket = await world.createBucket();
    await withTree(manySmall(600), async (workspace) => {
      await link(join(workspace, 'src/1/naïve 1.ts'), join(workspace, 'zwilling'));
      const result = await world.backup(bucket, { workspace });
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { files: '601' } });
      expect(Number(result.outputs.requests)).toBeLessThanOrEqual(REQUESTS);
      expect(result.summary).toContain('601 files in 1 pack');
      const id = result.outputs['version-id'] ?? '';
      const keys = await bucket.keys(`${SERIES}data/${id}/`);
      expect(keys.map((key) => key.slice(`${SERIES}data/${id}/`.length))).toEqual([
        'index.ndjson.zst',
        'packs/0001.tar.zst',
      ]);
      expect(Number(result.outputs['uploaded-bytes'])).toBe((await bucket.head(keys[1] ?? '')).ContentLength);
      expect(await bucket.tags(keys[1] ?? '')).toMatchObject({ version: id });
      if (!(await hasTools())) return;
      await withWorkspace(async (scratch) => {
        await unpackWithTools(bucket, id, join(scratch, 'out'));
        expect(await snapshot(join(scratch, 'out'))).toEqual(await snapshot(workspace));
      });
    });
  });

  it('come back by restore, from any layout, with equal files stored once', async () => {
    const bucket = await world.createBucket();
    const tree = { ...manySmall(120), 'copy 1': 'twice', 'copy 2': 'twice', 'log.txt': 'line\n'.repeat(500_000) };
    await withTree(tree, async (workspace) => {
      for (const layout of ['auto', 'archive', 'files']) {
        const { exitCode, summary } = await world.backup(bucket, { workspace, inputs: { ...FULL_ONLY, layout } });
        expect(exitCode).toBe(0);
        expect(summary).toContain(
          {
            auto: '122 files in 1 pack, 1 compressed',
            archive: '123 files in 1 pack',
            files: '1 compressed, 122 as they are',
          }[layout],
        );
        await withWorkspace(async (scratch) => {
          const restored = await world.run('restore', bucket, { workspace: scratch, inputs: { target: 'back' } });
          expect(restored).toMatchObject({ exitCode: 0, outputs: { files: '123' } });
          expect(await snapshot(join(scratch, 'back'))).toEqual(await snapshot(workspace));
        });
      }
      const verified = await world.run('verify', bucket, { workspace, inputs: { level: 'data', version: 'all' } });
      expect(verified).toMatchObject({ exitCode: 0, annotations: [] });
      expect(JSON.parse(verified.outputs.versions ?? '')).toHaveLength(3);
    });
  });
});
