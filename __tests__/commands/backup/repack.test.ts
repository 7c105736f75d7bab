import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BackupRequest } from '../../../src/commands/backup/request.ts';
import { backup } from '../../../src/commands/backup.ts';
import { prune } from '../../../src/commands/prune.ts';
import { restore } from '../../../src/commands/restore.ts';
import { readRecord } from '../../../src/series/records.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS, MIB } from '../ports-fixture.ts';
import { treeOf } from '../restore/scene.ts';
import { found, Scene } from '../verify/scene.ts';

const ONE = 'dist_full_20261122T080910Z_000001';
const TWO = 'dist_incremental_20261122T090910Z_000002';
const THREE = 'dist_incremental_20261122T100910Z_000003';
const OLD_PACK = KEYS.pack(ONE, 1);
const FILES = 20;

/** So many files that a pack is full of them; each edit gives another content. */
const files = (names: readonly number[], edit: number) =>
  Object.fromEntries(names.map((name) => [`f${name}`, `file ${name}, edit ${edit}\n`.repeat(20)]));
const numbers = (from: number) => Array.from({ length: FILES - from }, (_, index) => from + index);

async function run(scene: Scene, incremental: Partial<BackupRequest['incremental']> = {}) {
  const store = new ObservedStore(scene.store);
  const settings = {
    mode: 'auto',
    fullEvery: {},
    changeDetection: 'content',
    repackBelow: 0.3,
    ...incremental,
  } as const;
  const report = await backup(
    backupRequest(scene, { layout: 'archive', incremental: settings }),
    scene.ports({ store }),
  );
  scene.nowMs += HOUR_MS;
  return { report, operations: store.operations };
}

/** Of twenty files of the first version `alive` are left in the second. */
async function seriesOfTwo(alive: number, incremental: Partial<BackupRequest['incremental']> = {}): Promise<Scene> {
  const scene = await Scene.create();
  await scene.write(files(numbers(0), 1));
  await run(scene, incremental);
  await scene.write(files(numbers(alive), 2));
  await run(scene, incremental);
  return scene;
}

const packsOf = async (scene: Scene, id: string) =>
  (await readRecord(scene.store, KEYS, id)).packs.map(({ key }) => KEYS.absolute(key));

/** Leaves the newest version, by the command. */
async function pruneToOne(scene: Scene) {
  const store = new ObservedStore(scene.store);
  const { retention } = backupRequest(scene, { retention: { policy: { keepLast: 1 } } });
  const report = await prune({ keys: KEYS, retention, dryRun: false }, scene.ports({ store }));
  return { report, operations: store.operations };
}

async function restored(scene: Scene) {
  const workspace = join(scene.directory, 'temp');
  const target = join(workspace, 'back');
  const rules = { stripComponents: 0, overwrite: 'never', links: 'refuse' } as const;
  const request = { keys: KEYS, version: 'latest', patterns: [], target, workspace, rules } as const;
  await restore({ ...request, onNotFound: 'error', concurrency: 4, maxMemory: 64 * MIB }, scene.ports());
  const tree = await treeOf(target);
  rmSync(target, { recursive: true });
  return tree;
}

describe('a pack of which little is alive', () => {
  it('is packed anew by the next backup, is referred to by nobody then, and goes with the next prune', async () => {
    await using scene = await seriesOfTwo(4);
    const [reference] = (await readRecord(scene.store, KEYS, TWO)).packs;
    expect(reference).toMatchObject({ key: KEYS.relative(OLD_PACK) });
    expect((reference?.liveBytes ?? 0) / (reference?.contentBytes ?? 0)).toBeCloseTo(4 / FILES, 1);
    await pruneToOne(scene);
    expect(await scene.keys()).toContain(OLD_PACK);

    const { report, operations } = await run(scene);
    expect(report).toMatchObject({ version: { id: THREE }, difference: { unchanged: { count: FILES } } });
    expect(scene.lines).toContain('What is left of 1 old pack is packed anew');
    expect(await packsOf(scene, THREE)).toEqual([KEYS.pack(TWO, 1), KEYS.pack(THREE, 1)]);
    expect((await readRecord(scene.store, KEYS, THREE)).leansOn).toEqual([TWO]);
    // Versions and claims, the bucket; the base's record and index, and the data that it will refer to; claim, versions once more; pack, index, record.
    expect(operations).toEqual([
      'list',
      'list',
      'expirationRules',
      'get',
      'get',
      'list',
      'put',
      'list',
      'put',
      'putStream',
      'put',
    ]);
    expect(await scene.keys()).toContain(OLD_PACK);

    await pruneToOne(scene);
    expect(await scene.keys()).toEqual(
      [
        KEYS.claim({ number: 2 }),
        KEYS.claim({ number: 3 }),
        KEYS.pack(TWO, 1),
        KEYS.index(THREE),
        KEYS.pack(THREE, 1),
        KEYS.record(THREE),
      ].sort(),
    );
    expect(await restored(scene)).toEqual({ ...files(numbers(0), 1), ...files(numbers(4), 2) });
    expect(found(await scene.verify({ version: 'all', level: 'data' }))).toEqual([]);
  });

  it('is packed anew also where a stat would spare reading its files', async () => {
    await using scene = await seriesOfTwo(4, { changeDetection: 'stat' });
    await run(scene, { changeDetection: 'stat' });
    expect(await packsOf(scene, THREE)).toEqual([KEYS.pack(TWO, 1), KEYS.pack(THREE, 1)]);
  });

  it('is packed anew only once', async () => {
    await using scene = await seriesOfTwo(4);
    await run(scene);
    const { report } = await run(scene);
    expect(report?.uploadedBytes).toBe(0);
    expect(scene.lines.filter((line) => line.includes('packed anew'))).toHaveLength(1);
  });

  it.each([
    ['a third of it is alive', 7, {}],
    ['`repack-below` is `0%`', 1, { repackBelow: 0 }],
  ] as const)('stays where %s', async (_, alive, incremental) => {
    await using scene = await seriesOfTwo(alive, incremental);
    const { report } = await run(scene, incremental);
    expect(report?.uploadedBytes).toBe(0);
    expect(await packsOf(scene, THREE)).toEqual([OLD_PACK, KEYS.pack(TWO, 1)]);
  });
});
