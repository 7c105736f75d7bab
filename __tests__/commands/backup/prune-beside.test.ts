import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { prune } from '../../../src/commands/prune.ts';
import { listVersions } from '../../../src/series/catalogue.ts';
import { readRecord } from '../../../src/series/records.ts';
import type { ObjectStore } from '../../../src/store/object-store.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { found, Scene } from '../verify/scene.ts';

const INCREMENTAL = { mode: 'auto', fullEvery: {}, changeDetection: 'content', repackBelow: 0.3 } as const;

async function run(scene: Scene, store: ObjectStore = scene.store): Promise<string> {
  const report = await backup(
    backupRequest(scene, { layout: 'archive', incremental: INCREMENTAL }),
    scene.ports({ store }),
  );
  return report?.version.id ?? '';
}

async function pruneToOne(scene: Scene, store: ObjectStore = scene.store): Promise<void> {
  const { retention } = backupRequest(scene, { retention: { policy: { keepLast: 1 } } });
  await prune({ keys: KEYS, retention, dryRun: false }, scene.ports({ store }));
}

/** Two versions, of which the second needs a little of the first's pack, so that the third packs that anew. */
async function twoVersions(): Promise<Scene> {
  const scene = await Scene.create();
  const files = (from: number, edit: number) =>
    Object.fromEntries(Array.from({ length: 12 - from }, (_, at) => [`f${from + at}`, `file ${from + at}, ${edit}\n`]));
  await scene.write(files(0, 1));
  await run(scene);
  scene.nowMs += HOUR_MS;
  await scene.write(files(2, 2));
  await run(scene);
  scene.nowMs += HOUR_MS;
  await scene.write({ f11: 'file 11, 3\n' });
  return scene;
}

const idsOf = async ({ store }: Scene) => (await listVersions(store, KEYS)).map(({ id }) => id);

/** Every version is whole, and a later prune leaves nothing but the newest one and what that leans on. @param at for the message */
async function expectWhole(scene: Scene, at: number): Promise<void> {
  expect([at, found(await scene.verify({ version: 'all', level: 'data' }))]).toEqual([at, []]);
  // A claim whose base was taken from under it guards what it named until it counts as abandoned.
  scene.nowMs += 25 * HOUR_MS;
  await pruneToOne(scene);
  const newest = await idsOf(scene);
  const { leansOn } = await readRecord(scene.store, KEYS, newest.at(-1) ?? '');
  const owners = (await scene.keys()).flatMap((key) => /\/data\/([^/]+)\//.exec(key)?.[1] ?? []);
  expect([at, [...new Set(owners)].sort()]).toEqual([at, [...leansOn, ...newest].sort()]);
}

describe('an incremental backup in packs', () => {
  it.each([
    ['a prune', pruneToOne],
    [
      'another backup and a prune, which takes its base from under it',
      async (scene: Scene) => {
        await run(scene);
        await pruneToOne(scene);
      },
    ],
  ])('is whole whenever %s comes between two of its requests', async (_, meanwhile) => {
    let requests = 1;
    for (let number = 1; number <= requests; number++) {
      await using scene = await twoVersions();
      const store = new ObservedStore(scene.store, {
        before: (_request, count) => (count === number ? meanwhile(scene) : undefined),
      });
      const id = await run(scene, store);
      requests = Math.max(requests, store.requests.length);
      expect([number, (await idsOf(scene)).includes(id)]).toEqual([number, true]);
      await expectWhole(scene, number);
    }
    expect(requests).toBeGreaterThan(8);
  });
});

describe('a prune that keeps a part of a pack', () => {
  it('leaves a backup whole that comes between two of its requests', async () => {
    let number = 0;
    for (let third: string | undefined = ''; third !== undefined; number++) {
      await using scene = await twoVersions();
      const [, second = ''] = await idsOf(scene);
      third = undefined;
      const store = new ObservedStore(scene.store, {
        before: async (_request, count) => {
          if (count === number + 1) third = await run(scene);
        },
      });
      await pruneToOne(scene, store);
      // Of what was there when it looked the newest stays: the second, unless the third had come before that.
      const newest = (await idsOf(scene)).filter((id) => id !== second || third === undefined);
      expect([number, newest]).toEqual([number, [third ?? second]]);
      await expectWhole(scene, number);
    }
    expect(number).toBeGreaterThan(8);
  });
});
