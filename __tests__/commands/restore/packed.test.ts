import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Entry, FileEntry } from '../../../src/series/model.ts';
import { PackFixture, storedEntry } from '../../pack/pack-fixture.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { bytesFor, MIB } from '../../transfer/transfer-fixture.ts';
import { directory, idOf, Scene, symlink, treeOf } from './scene.ts';

const PACK = `data/${idOf(1)}/packs/0001.tar.zst`;

async function publish(scene: Scene, packs: readonly PackFixture[], more: readonly Entry[] = []): Promise<void> {
  for (const pack of packs) await scene.store.put(KEYS.absolute(pack.key), pack.bytes());
  const entries = [...packs.flatMap((pack) => pack.entries), ...more];
  const items = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map((entry) => ({ entry }));
  await scene.publish({ items, record: { packs: packs.map((pack) => pack.reference()) } });
}

/** As many frames of as many files each. */
function packOf(frames: number, files: number): PackFixture {
  const pack = new PackFixture(PACK);
  for (let frame = 0; frame < frames; frame++) {
    for (let file = 0; file < files; file++) pack.add(`dir-${frame}/file-${file}`, `content ${frame} ${file}`);
    pack.close();
  }
  return pack;
}

const requestsOf = (store: ObservedStore) => store.operations.filter((operation) => operation === 'get').length;

describe('restore of packed files', () => {
  it('brings back names, bytes, modes and times, and equal files from one member', async () => {
    await using scene = await Scene.create();
    const pack = new PackFixture(PACK)
      .add('a', 'first', { mode: '0600', mtime: '2001-02-03T04:05:06.789Z' })
      .add('b/ü 🚀', 'second', { mode: '0755' })
      .close()
      .add('zero', '')
      .close();
    const [first] = pack.entries;
    if (first?.slice === undefined) throw new Error('The first file is packed.');
    const twin = { ...first, path: 'twin', mode: '0640', slice: { ...first.slice, member: 'a' } };
    await publish(scene, [pack], [twin, directory('d').entry, symlink('l', 'a').entry]);
    const target = join(scene.workspace, 'target');
    const report = await scene.restore({ target });
    expect(await treeOf(target)).toEqual({
      a: 'first',
      b: '/',
      'b/ü 🚀': 'second',
      d: '/',
      l: '-> a',
      twin: 'first',
      zero: '',
    });
    const { mode, mtime } = await lstat(join(target, 'a'));
    expect([mode & 0o7777, mtime]).toEqual([0o600, new Date('2001-02-03T04:05:06.789Z')]);
    expect((await lstat(join(target, 'twin'))).mode & 0o7777).toBe(0o640);
    expect(report.restored?.totals).toMatchObject({ files: 4, bytes: 16 });
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it.each([
    ['all files', [], 1],
    ['one file', ['dir-3/file-7'], 1],
    ['two frames that touch', ['dir-3', 'dir-4/file-1'], 1],
    ['two frames that do not', ['dir-3', 'dir-7/file-1'], 2],
    ['more than half of the pack, with gaps', ['**', '!dir-3', '!dir-5'], 1],
  ])('takes for %s as few requests as can be', async (_, patterns, requests) => {
    await using scene = await Scene.create();
    await publish(scene, [packOf(10, 20)]);
    const store = new ObservedStore(scene.store);
    const target = join(scene.workspace, 'target');
    await scene.restore({ target, patterns }, { store });
    // Beside the record and the index.
    expect(requestsOf(store)).toBe(2 + requests);
  });

  it('of files larger than a frame and than a request', async () => {
    await using scene = await Scene.create();
    const contents = {
      'a-medium': bytesFor(2.5 * MIB),
      'b-large': bytesFor(21 * MIB),
      'c-zeros': Buffer.alloc(9 * MIB),
    };
    const pack = new PackFixture(PACK).add('0-small', 'x').close();
    for (const [path, content] of Object.entries(contents)) pack.add(path, content).close();
    await publish(scene, [pack]);
    const target = join(scene.workspace, 'target');
    await scene.restore({ target });
    const tree = await treeOf(target);
    for (const [path, content] of Object.entries(contents)) expect(tree[path] === content.toString('utf8')).toBe(true);
  });

  it('of files stored compressed, under their own names', async () => {
    await using scene = await Scene.create();
    const large = Buffer.concat([bytesFor(9 * MIB), Buffer.alloc(9 * MIB)]);
    const planted = [
      storedEntry('large', large, `data/${idOf(1)}/files/large.zst`),
      storedEntry('small', Buffer.from('small'), `data/${idOf(1)}/files/small.zst`),
    ];
    for (const { entry, stored } of planted) await scene.store.put(KEYS.absolute(entry.key), stored);
    await publish(
      scene,
      [],
      planted.map(({ entry }): FileEntry => entry),
    );
    const target = join(scene.workspace, 'target');
    await scene.restore({ target });
    const tree = await treeOf(target);
    expect(Object.keys(tree)).toEqual(['large', 'small']);
    expect(tree.small).toBe('small');
    expect(tree.large === large.toString('utf8')).toBe(true);
  });
});
