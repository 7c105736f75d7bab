import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRestorable } from '../stored.ts';
import { type EmbeddedWorld, startWorld, TARGET, type World, withWorkspace } from '../world.ts';

/** Ceph on two cores takes some 200 objects a second. */
const FILES = TARGET === 'ceph' ? 3000 : 10_000;
const DIRECTORIES = 100;
/** Measured: 172 MiB after 4,000 files, 178 after 10,000, 187 after 30,000; with 15 % of slack. */
const MAX_RSS_BYTES = 205 * 2 ** 20;
const TIMEOUT_MS = 300_000;
/** Versions and claims are listed; the claim is put, tried once more, and looked for at the end; index and record are put. */
const LISTS = 3;
/** Whether a rule of the bucket would expire backups. */
const LOOKS_AT_BUCKET = 1;
const REQUESTS_BESIDE_FILES = LISTS + LOOKS_AT_BUCKET + 4;

async function writeMany(workspace: string): Promise<string[]> {
  const paths: string[] = [];
  for (let directory = 0; directory < DIRECTORIES; directory++) {
    await mkdir(join(workspace, `d${directory}`));
    const names = Array.from({ length: FILES / DIRECTORIES }, (_, at) => `d${directory}/file-${at}.txt`);
    await Promise.all(names.map((path) => writeFile(join(workspace, path), `content of ${path}\n`)));
    paths.push(...names);
  }
  return paths;
}

const isEmbedded = (world: World): world is EmbeddedWorld => 'server' in world;

function expectOneRequestEach(world: World, said: number): void {
  const needed = FILES + REQUESTS_BESIDE_FILES;
  expect(said).toBeGreaterThanOrEqual(needed);
  // A connection that the server closed as idle costs a request that never arrived, and is sent again.
  expect(said).toBeLessThanOrEqual(needed + FILES / 100);
  if (!isEmbedded(world)) return;
  expect(world.server.requests.counts()).toEqual({
    AssumeRoleWithWebIdentity: 1,
    GetBucketLifecycleConfiguration: LOOKS_AT_BUCKET,
    ListObjectsV2: LISTS,
    PutObject: FILES + REQUESTS_BESIDE_FILES - LISTS - LOOKS_AT_BUCKET,
  });
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT_MS);
afterAll(() => world.close());

describe('thousands of small files', () => {
  it(
    'are all stored and listed in order, with one request each',
    async () => {
      const bucket = await world.createBucket();
      await withWorkspace(async (workspace) => {
        const paths = await writeMany(workspace);
        const result = await world.backup(bucket, { workspace, inputs: { layout: 'files' } });

        expect(result).toMatchObject({ exitCode: 0, annotations: [] });
        expect(result.outputs).toMatchObject({ files: String(FILES) });
        expectOneRequestEach(world, Number(result.outputs.requests));
        expect(result.maxRssBytes).toBeLessThan(MAX_RSS_BYTES);
        const lines = await expectRestorable(bucket, result.outputs['record-key'] ?? '', FILES / 100);
        expect(lines.map(({ path }) => path)).toEqual(paths.toSorted());
        expect(await bucket.keys('backups/dist/data/')).toHaveLength(FILES + 1);
      });
    },
    TIMEOUT_MS,
  );
});
