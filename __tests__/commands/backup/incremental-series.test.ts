import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { restore } from '../../../src/commands/restore.ts';
import { keptVersions, planRetention } from '../../../src/retention/plan.ts';
import type { RetentionPolicy } from '../../../src/retention/types.ts';
import { listVersions } from '../../../src/series/catalogue.ts';
import { openVersion } from '../../../src/series/open-version.ts';
import { prune } from '../../../src/series/prune.ts';
import { claimReader } from '../../../src/series/prune-claims.ts';
import { ownerOf } from '../../../src/series/version-references.ts';
import { withTags } from '../../../src/series/version-tags.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { span } from '../../retention/versions.ts';

import { KEYS } from '../../series/series-fixture.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { treeOf } from '../restore/scene.ts';
import { found, MIB, Scene } from '../verify/scene.ts';

type Tree = Awaited<ReturnType<typeof treeOf>>;

const VERSIONS = 30;
const PATHS = 24;

/** The same edits each time, and nothing like them by chance (numerical recipes' generator). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const hourly = () => HOUR_MS;

/** Some within an hour, others weeks apart: ten months in all. */
const unevenly = (number: number) => ([1, 3, 30, 120, 300, 960][number % 6] ?? 1) * HOUR_MS;

/** Thirty versions, each a few files away from the one before: changed, removed, moved, copied, put back. */
async function makeSeries(
  scene: Scene,
  layout: 'files' | 'archive',
  pauseMs: (number: number) => number = hourly,
): Promise<Tree[]> {
  const trees: Tree[] = [];
  const random = randomFrom(20_261_122);
  const pathOf = (index: number) => `d${index % 4}/f${index}`;
  for (let number = 1; number <= VERSIONS; number++) {
    for (let edit = number === 1 ? PATHS : 1 + random(6); edit > 0; edit--) {
      const path = pathOf(number === 1 ? edit : random(PATHS));
      if (number > 1 && random(4) === 0) rmSync(join(scene.directory, 'work', path), { force: true });
      else await scene.write({ [path]: `content ${random(60)}\n`.repeat(50) });
    }
    const incremental = {
      mode: 'auto' as const,
      fullEvery: { versions: 11 },
      changeDetection: 'content' as const,
      repackBelow: 0.3,
    };
    const tags = { release: String(number % 8 === 0) };
    await backup(backupRequest(scene, { incremental, layout, tags }), scene.ports());
    scene.nowMs += pauseMs(number);
    trees.push(await treeOf(join(scene.directory, 'work')));
  }
  return trees;
}

async function restored(scene: Scene, number: number, store: ObjectStore = scene.store): Promise<Tree> {
  const workspace = join(scene.directory, 'temp');
  const target = join(workspace, `version ${number}`);
  const rules = { stripComponents: 0, overwrite: 'never', links: 'refuse' } as const;
  const request = {
    keys: KEYS,
    version: String(number),
    patterns: [],
    target,
    workspace,
    rules,
    onNotFound: 'error',
  } as const;
  await restore({ ...request, concurrency: 4, maxMemory: 64 * MIB }, scene.ports({ store }));
  const tree = await treeOf(target);
  rmSync(target, { recursive: true });
  return tree;
}

/** Puts a series where a test can prune it. */
async function copyOf(scene: Scene): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: () => new Date(scene.nowMs) });
  for (const key of await scene.keys()) await store.put(key, await scene.read(key));
  return store;
}

async function pruneBy(policy: RetentionPolicy, pins: readonly number[], store: MemoryStore, scene: Scene) {
  const versions = await listVersions(store, KEYS);
  const plan = planRetention(
    policy.keepTags === undefined ? versions : await withTags(store, KEYS, versions, () => {}),
    policy,
    pins.map((number) => ({ number })),
    { now: new Date(scene.nowMs), timezone: 'UTC' },
  );
  const outcome = await prune({
    store,
    keys: KEYS,
    plan,
    versioning: 'off',
    pruneNoncurrent: false,
    readClaim: claimReader(store),
    temporaryDirectory: join(scene.directory, 'temp'),
  });
  return { outcome, kept: keptVersions(plan) };
}

/** All that the versions there are made of, and the claims by which what is left of others is found. */
async function neededKeys(store: MemoryStore, scene: Scene): Promise<string[]> {
  const needed = new Set<string>();
  for (const { id } of await listVersions(store, KEYS)) {
    const { record, index } = await openVersion(store, KEYS, id, join(scene.directory, 'temp'));
    for (const key of [KEYS.record(id), KEYS.index(id)]) needed.add(key);
    for (const { key } of record.packs) needed.add(KEYS.absolute(key));
    for await (const entry of index.entries()) if (entry.type === 'file') needed.add(KEYS.absolute(entry.key));
    await index.close();
  }
  const owners = [...needed].flatMap((key) => ownerOf(key.slice(KEYS.base.length)) ?? []);
  const numbers = owners.flatMap((id) => KEYS.parseRecord(KEYS.record(id))?.number ?? []);
  return [...new Set([...needed, ...numbers.map((number) => KEYS.claim({ number }))])].sort();
}

const visible = (store: MemoryStore) => Array.fromAsync(store.list(''), ({ key }) => key);

/** @returns the versions that the policy kept */
async function expectSound(policy: RetentionPolicy, pins: readonly number[], store: MemoryStore, scene: Scene) {
  const before = new Set(await visible(store));
  const { outcome, kept } = await pruneBy(policy, pins, store, scene);
  expect(outcome).not.toHaveProperty('failure');
  expect(kept.length).toBeLessThan(VERSIONS);
  expect((await listVersions(store, KEYS)).map(({ id }) => id).sort()).toEqual(kept.map(({ id }) => id).sort());
  expect(await visible(store)).toEqual(await neededKeys(store, scene));
  expect((await visible(store)).every((key) => before.has(key))).toBe(true);
  expect(found(await scene.verify({ version: 'all', level: 'data' }, { store }))).toEqual([]);
  return kept;
}

describe.each(['files', 'archive'] as const)('thirty incremental versions in the layout %s', (layout) => {
  let scene: Scene;
  let trees: readonly Tree[];
  beforeAll(async () => {
    scene = await Scene.create();
    trees = await makeSeries(scene, layout);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('are what is tested: full ones, and others that lean on several', async () => {
    const versions = await listVersions(scene.store, KEYS);
    expect(versions.filter(({ type }) => type === 'full').map(({ number }) => number)).toEqual([1, 12, 23]);
    const { record, index } = await openVersion(scene.store, KEYS, versions[10]?.id ?? '', scene.directory);
    await index.close();
    expect(record.leansOn.length).toBeGreaterThan(3);
  });

  it('come back one and all as they were', async () => {
    expect(trees).toHaveLength(VERSIONS);
    for (const [index, tree] of trees.entries()) expect(await restored(scene, index + 1)).toEqual(tree);
  });

  it.each([
    [{ keepLast: 1 }, []],
    [{ keepLast: 2 }, []],
    [{ keepLast: 3 }, [7]],
    [{ keepLast: 5 }, [1, 13]],
    [{ keepLast: 8 }, []],
    [{ keepLast: 14 }, [2, 3, 16]],
    [{ keepLast: 29 }, []],
    [{ keepHourly: 6, keepDaily: 2 }, []],
    [{ keepDaily: 9 }, [4]],
    [{ keepLast: 2, keepDaily: 1 }, [6, 20]],
  ] satisfies [RetentionPolicy, number[]][])(
    'are restorable after a prune by %j with pins %j, which leaves nothing over',
    async (policy, pins) => {
      await expectSound(policy, pins, await copyOf(scene), scene);
    },
  );

  it('are restorable after one prune upon another, down to the last', async () => {
    const store = await copyOf(scene);
    for (const keepLast of [25, 17, 9, 4, 1]) {
      await pruneBy({ keepLast }, [], store, scene);
      expect(await visible(store)).toEqual(await neededKeys(store, scene));
    }
    expect(found(await scene.verify({ version: 'all', level: 'data' }, { store }))).toEqual([]);
  });
});

describe('thirty incremental versions over ten months', () => {
  let scene: Scene;
  let trees: readonly Tree[];
  beforeAll(async () => {
    scene = await Scene.create();
    trees = await makeSeries(scene, 'archive', unevenly);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it.each([
    [{ keepWeekly: 4 }, 4],
    [{ keepMonthly: 5, keepTags: [{ key: 'release', value: 'true' }] }, 8],
    [{ keepYearly: 2, keepWithin: span('60d') }, 8],
    [{ keepMonthly: 9, maxAge: span('150d') }, 5],
  ] satisfies [RetentionPolicy, number][])('come back after a prune by %j, %i of them', async (policy, count) => {
    const store = await copyOf(scene);
    const kept = await expectSound(policy, [], store, scene);
    expect(kept).toHaveLength(count);
    const oldest = Math.min(...kept.map(({ number }) => number));
    expect(await restored(scene, oldest, store)).toEqual(trees[oldest - 1]);
  });
});
