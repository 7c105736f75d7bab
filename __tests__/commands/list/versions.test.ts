import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { findVersions } from '../../../src/commands/list/versions.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const INCREMENTAL = { mode: 'always', fullEvery: {}, changeDetection: 'content', repackBelow: 0.3 } as const;

async function makeVersion(scene: Scene, files: Readonly<Record<string, string>>): Promise<string> {
  await scene.write(files);
  const report = await backup(backupRequest(scene, { incremental: INCREMENTAL }), scene.ports());
  scene.nowMs += HOUR_MS;
  return report?.version.id ?? '';
}

async function states(scene: Scene, store = new ObservedStore(scene.store)) {
  const found = await findVersions(KEYS, false, scene.ports({ store }));
  return found.kind === 'versions' ? found.items.first.map(({ number, state }) => [number, state]) : [];
}

describe('findVersions', () => {
  it('tells a version that was pruned and is leaned on from one that was never committed', async () => {
    await using scene = await Scene.create();
    const first = await makeVersion(scene, { a: 'first', b: 'stays' });
    await makeVersion(scene, { a: 'second' });
    const third = await makeVersion(scene, { a: 'third' });
    expect(await states(scene)).toEqual([3, 2, 1].map((number) => [number, 'complete']));
    await scene.remove(KEYS.record(third));
    await scene.remove(KEYS.record(first));

    expect(await states(scene)).toEqual([
      [3, 'incomplete'],
      [2, 'complete'],
      [1, 'removed'],
    ]);
    const found = await findVersions(KEYS, false, scene.ports());
    expect(found).toMatchObject({ states: { complete: 1, incomplete: 1, removed: 1 } });
  });

  it('warns of a series of which there is nothing, as a misspelt name looks like one', async () => {
    await using scene = await Scene.create();
    expect(await findVersions(KEYS, false, scene.ports())).toMatchObject({ items: { count: 0 } });
    expect(scene.warnings).toEqual([
      {
        kind: 'no-series',
        message:
          'There is no series "dist" below the prefix "backups" in the bucket "memory": check `bucket`, `prefix` and `name`, unless its first backup is still to come.',
      },
    ]);
  });

  it('warns of nothing where a first backup is at work, and counts it apart', async () => {
    await using scene = await Scene.create();
    await scene.put(KEYS.claim({ number: 1 }), '{}');
    const states = { complete: 0, incomplete: 1, removed: 0 };
    expect(await findVersions(KEYS, false, scene.ports())).toMatchObject({ states });
    expect(scene.warnings.filter(({ kind }) => kind === 'no-series')).toEqual([]);
  });

  it('says with details how large the packs are that a version refers to', async () => {
    await using scene = await Scene.create();
    await scene.backup({ a: 'a' }, { layout: 'archive' });
    await scene.backup({ b: 'b' }, { layout: 'files' });
    const found = await findVersions(KEYS, true, scene.ports());
    const packs = found.kind === 'versions' ? found.items.first.map((item) => item.packs) : [];
    expect(packs).toEqual([
      { count: 0, bytes: 0 },
      { count: 1, bytes: expect.any(Number) },
    ]);
  });

  it('reads no record where every claim has one', async () => {
    await using scene = await Scene.create();
    await makeVersion(scene, { a: 'first', b: 'stays' });
    await makeVersion(scene, { a: 'second' });
    const store = new ObservedStore(scene.store);
    await states(scene, store);
    expect(store.operations).toEqual(['list', 'list', 'list']);
  });
});
