import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../../../src/log.ts';
import type { Amount } from '../../../src/report/progress.ts';
import { frame, PackFixture, storedEntry } from '../../pack/pack-fixture.ts';
import { type PackedVersion, packedId, packKey, publishPacked } from '../../pack/publish-packed.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { bytesFor, MIB } from '../../transfer/transfer-fixture.ts';
import { found, Scene } from './scene.ts';

const LEVELS = ['objects', 'checksums', 'data', 'restore'] as const;
const mtime = '2026-11-22T08:00:00Z';

/** Three frames: small files and a link, a file that needs several frames by itself, and small ones again. */
function somePack(): PackFixture {
  return new PackFixture(packKey())
    .add('a/one', 'first')
    .add('a/two ü', 'second', { mtime: '2026-11-22T08:00:00.123456789Z' })
    .addMember({ path: 'a/link', type: 'symlink', target: 'one' })
    .close()
    .add('b-large', bytesFor(2.5 * MIB))
    .close()
    .add('c/empty', '')
    .add('c/three', 'third')
    .close();
}

function someVersion(): PackedVersion & { readonly packs: readonly PackFixture[] } {
  const { entry, stored } = storedEntry(
    'log.txt',
    Buffer.alloc(3 * MIB, 'log line\n'),
    `data/${packedId()}/files/log.txt.zst`,
  );
  const link = { path: 'a/link', type: 'symlink', mtime, target: 'one' } as const;
  return { packs: [somePack()], entries: [entry, link], objects: { [entry.key]: stored } };
}

describe('an intact version with packs and compressed files', () => {
  it.each([
    ['objects', { list: 3, get: 3, expirationRules: 1 }],
    ['checksums', { list: 3, get: 3, head: 2, expirationRules: 1 }],
    ['data', { list: 3, get: 5, expirationRules: 1 }],
    ['restore', { list: 3, get: 5, expirationRules: 1 }],
  ] as const)('is found to be so at level %s, with the requests %j', async (level, expected) => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    const store = new ObservedStore(scene.store);
    const report = await scene.verify({ level }, { store });
    expect(found(report)).toEqual([]);
    expect(report).toMatchObject({ checked: { objects: 2 }, notComparable: 0 });
    expect(scene.warnings).toEqual([]);
    const counts = Map.groupBy(store.operations, (operation) => operation);
    expect(Object.fromEntries([...counts].map(([name, all]) => [name, all.length]))).toEqual(expected);
    expect(await scene.temporaryFiles()).toEqual([expect.stringMatching(/^versioned-s3-backup-list-/)]);
  });

  it('may be leaned on, with other names, modes and times', async () => {
    await using scene = await Scene.create();
    const base = someVersion();
    const baseId = await publishPacked(scene.store, base);
    const touched = base.packs.flatMap(({ entries }) => entries).map((entry) => ({ ...entry, mode: '0600', mtime }));
    const [one] = touched;
    if (one?.slice === undefined) throw new Error('The first is packed.');
    const renamed = { ...one, path: 'renamed', slice: { ...one.slice, member: one.path } };
    const id = await publishPacked(scene.store, {
      number: 2,
      entries: [...touched, renamed],
      leansOn: [baseId],
      borrowed: base.packs,
    });
    for (const level of LEVELS) expect(found(await scene.verify({ level, version: 'all' }))).toEqual([]);
    await scene.put(KEYS.absolute(packKey()), 'nothing');
    const report = await scene.verify({ version: 'all' });
    expect(found(report)).toContain('size renamed');
    expect(report.damaged.first.find(({ path }) => path === 'a/one')?.versions).toEqual([baseId, id]);
  });

  it.each(['objects', 'checksums', 'data'] as const)(
    'is all of what progress tells of at its end, level %s',
    async (level) => {
      await using scene = await Scene.create();
      const base = someVersion();
      const baseId = await publishPacked(scene.store, base);
      const entries = base.packs.flatMap((pack) => pack.entries);
      await publishPacked(scene.store, { number: 2, entries, leansOn: [baseId], borrowed: base.packs });
      const shown: [Amount, Amount][] = [];
      const progress = (done: Amount, total: Amount) => shown.push([done, total]) > 0;
      await scene.verify({ level, version: 'all' }, { log: { ...silentLog, progress } });
      const [done, total] = shown.at(-1) ?? [];
      expect(total).toEqual({ files: 11, bytes: 3 * MIB + 2 * (2.5 * MIB + 16) });
      expect(done).toEqual(total);
    },
  );

  it('is read by shares, each pack in exactly one of them', async () => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    const shares = [1, 2, 3].map((part) => ({ kind: 'part', part, parts: 3 }) as const);
    const reports = await Promise.all(shares.map((subset) => scene.verify({ level: 'data', subset })));
    expect(reports.reduce((sum, { checked }) => sum + checked.objects, 0)).toBe(2);
  });
});

describe('damage of a pack', () => {
  const paths = ['a/one', 'a/two ü', 'b-large', 'c/empty', 'c/three'];

  it.each(LEVELS)('that is gone is named by every entry at level %s', async (level) => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    await scene.remove(KEYS.absolute(packKey()));
    const report = await scene.verify({ level });
    expect(found(report)).toEqual(paths.map((path) => `missing ${path}`));
    expect(report.versions[0]?.state).toBe('damaged');
  });

  it('tells what cannot be had any more from what can', async () => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    const bytes = await scene.read(KEYS.absolute(packKey()));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await scene.put(KEYS.absolute(packKey()), bytes);
    const atOnce = await scene.verify({ level: 'objects' });
    expect(found(atOnce)).toEqual(paths.map((path) => `checksum ${path}`));
    const { damaged } = await scene.verify({ level: 'data' });
    expect(damaged.first.map(({ kind, path }) => `${kind} ${path}`)).toEqual(paths.map((path) => `content ${path}`));
    const problems = damaged.first.map(({ problem }) => problem);
    expect(problems.slice(0, 2)).toEqual(Array(2).fill(expect.stringMatching(/^a frame cannot be decoded/)));
    expect(problems.slice(2)).toEqual(Array(3).fill(expect.stringMatching(/but its own bytes can still be read$/)));
  });

  it('is found by the checksum that the store keeps', async () => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    const bytes = await scene.read(KEYS.absolute(packKey()));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const { sha256 } = new PackFixture('x').add('other', 'other').reference();
    await scene.put(KEYS.absolute(packKey()), bytes);
    const head: typeof scene.store.head = async (key) => ({ ...(await scene.store.head(key)), sha256 });
    const report = await scene.verify(
      { level: 'checksums' },
      { store: Object.assign(new ObservedStore(scene.store), { head }) },
    );
    expect(found(report)).toEqual(['log.txt', ...paths].map((path) => `checksum ${path}`));
  });

  it.each<[string, PackedVersion, RegExp]>([
    [
      'a member nobody can find',
      { packs: [new PackFixture(packKey()).add('a', 'x', { slice: { offset: 0, bytes: 9, skip: 0 } })] },
      /that of no member|cannot|ends within/,
    ],
    [
      'a header with another time',
      { packs: [new PackFixture(packKey()).add('a', 'x', {}, { mtimeNs: 5n })] },
      /its time is/,
    ],
    [
      'a header with another mode',
      { packs: [new PackFixture(packKey()).add('a', 'x', {}, { mode: 0o4755 })] },
      /its mode is 0644, and the tar header says 4755/,
    ],
    [
      'a frame without a checksum',
      { packs: [new PackFixture(packKey()).add('a', 'x').close((bytes) => frame(bytes, false))] },
      /a frame has no checksum/,
    ],
    [
      'something behind the end',
      {
        packs: [
          new PackFixture(packKey())
            .add('a', 'x')
            .close()
            .addMember({}, Buffer.alloc(0))
            .close((bytes) => frame(Buffer.concat([Buffer.alloc(1024), bytes]))),
        ],
      },
      /only zeros should be/,
    ],
  ])('is %s', async (_, version, problem) => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, version);
    const { damaged } = await scene.verify({ level: 'data' });
    expect(damaged.first).toEqual([expect.objectContaining({ path: 'a', problem: expect.stringMatching(problem) })]);
  });

  it('of a compressed file is found at level data', async () => {
    await using scene = await Scene.create();
    await publishPacked(scene.store, someVersion());
    const key = KEYS.absolute(`data/${packedId()}/files/log.txt.zst`);
    const bytes = await scene.read(key);
    bytes[60] = (bytes[60] ?? 0) ^ 4;
    await scene.put(key, bytes);
    expect(found(await scene.verify({ level: 'data' }))).toEqual(['content log.txt']);
    expect(found(await scene.verify({ level: 'restore' }))).toEqual(['content log.txt']);
  });
});
