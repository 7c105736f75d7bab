import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { restore } from '../../src/commands/restore.ts';
import { KEYS } from '../series/series-fixture.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { MIB } from '../transfer/transfer-fixture.ts';
import { treeOf } from './restore/scene.ts';
import { found, Scene } from './verify/scene.ts';

const LONG = `long/${'segment-of-a-path/'.repeat(20)}end`;

async function project(): Promise<Scene> {
  const scene = await Scene.create();
  await scene.write({
    'a.txt': 'first',
    'b/twin of a': 'first',
    'b/ü 🚀\nname': 'second',
    empty: '',
    'hollow/': '',
    link: '-> b/ü 🚀\nname',
    [LONG]: 'far away',
    'medium.bin': randomBytes(0.9 * MIB),
    'z-medium.bin': randomBytes(0.9 * MIB),
  });
  const at = (path: string) => join(scene.directory, 'work', path);
  await link(at('a.txt'), at('hard link'));
  await chmod(at('a.txt'), 0o755);
  await utimes(at('empty'), 1.5, -1_000_000.25);
  return scene;
}

async function restored(scene: Scene, store: ObservedStore, patterns: readonly string[] = []): Promise<string> {
  const workspace = join(scene.directory, 'back');
  await mkdir(workspace, { recursive: true });
  const target = join(workspace, String(patterns.length));
  const rules = { stripComponents: 0, overwrite: 'never', links: 'refuse' } as const;
  const request = { keys: KEYS, version: 'latest', patterns, target, workspace, rules, onNotFound: 'error' } as const;
  await restore({ ...request, concurrency: 4, maxMemory: 64 * MIB }, scene.ports({ store }));
  return target;
}

const gets = (store: ObservedStore) => store.operations.filter((operation) => operation === 'get').length;

describe('a version with packs, made and read by the same code', () => {
  it.each([
    ['one pack', 64 * MIB, 1],
    ['several packs', MIB, 2],
  ])('of %s comes back as it was, and is intact at every level', async (_, packSize, packs) => {
    await using scene = await project();
    await scene.backup({}, { layout: 'archive', packSize });
    for (const level of ['objects', 'checksums', 'data', 'restore'] as const) {
      const report = await scene.verify({ level });
      expect(found(report)).toEqual([]);
      expect(report.checked.objects).toBe(packs);
    }
    const store = new ObservedStore(scene.store);
    const target = await restored(scene, store);
    expect(gets(store)).toBe(2 + packs);
    expect(await treeOf(target)).toEqual(await treeOf(join(scene.directory, 'work')));
    for (const path of ['a.txt', 'hard link', 'b/twin of a', 'empty', 'hollow']) {
      const [before, after] = [await lstat(join(scene.directory, 'work', path)), await lstat(join(target, path))];
      expect([path, after.mode, after.mtime]).toEqual([path, before.mode, before.mtime]);
    }
    const single = new ObservedStore(scene.store);
    await restored(scene, single, [LONG]);
    expect(gets(single)).toBe(3);
    expect(scene.warnings).toEqual([]);
  });
});
