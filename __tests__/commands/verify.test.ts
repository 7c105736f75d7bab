import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import type { ListedObject } from '../../src/store/object-store.ts';
import { KEYS } from '../series/series-fixture.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { found, MIB, Scene } from './verify/scene.ts';

const FILES = {
  'a.txt': 'first',
  'b/c.txt': 'second',
  'b/ü 🚀.txt': 'third',
  'b/\ufffd.txt': 'fourth',
  empty: '',
  link: '-> a.txt',
  'hollow/': '',
};

const LEVELS = ['objects', 'checksums', 'data', 'restore'] as const;

async function* withoutEtags(listed: AsyncIterable<ListedObject>): AsyncGenerator<ListedObject> {
  for await (const { etag: _, ...object } of listed) yield object;
}

const fileKey = (id: string, path: string) => KEYS.file(id, path);

describe('an intact series', () => {
  it.each(LEVELS)('is found to be so at level %s', async (level) => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    const report = await scene.verify({ level });
    expect(found(report)).toEqual([]);
    expect(report).toMatchObject({
      asked: 'latest',
      level,
      checked: { objects: 5, bytes: 22 },
      notComparable: 0,
      versions: [{ version: { id }, state: 'intact', totals: { files: 5, bytes: 22 } }],
    });
    expect(report.versions[0]?.drill !== undefined).toBe(level === 'restore');
    expect(scene.warnings).toEqual([]);
    expect(await scene.temporaryFiles()).toEqual([expect.stringMatching(/^versioned-s3-backup-list-/)]);
  });

  it.each([
    ['objects', { list: 3, get: 3, expirationRules: 1 }],
    ['checksums', { list: 3, get: 3, head: 5, expirationRules: 1 }],
    ['data', { list: 3, get: 8, expirationRules: 1 }],
    ['restore', { list: 3, get: 8, expirationRules: 1 }],
  ] as const)('takes at level %s the requests %j', async (level, expected) => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    const store = new ObservedStore(scene.store);
    await scene.verify({ level }, { store });
    const counts = Map.groupBy(store.operations, (operation) => operation);
    expect(Object.fromEntries([...counts].map(([name, all]) => [name, all.length]))).toEqual(expected);
  });

  it('may have large objects, which have no SHA-256 in the store', async () => {
    await using scene = await Scene.create();
    await scene.backup({ 'a.txt': 'first', large: randomBytes(9 * MIB) });
    expect(await scene.verify({ level: 'checksums' })).toMatchObject({ checked: { objects: 2 }, notComparable: 0 });
    expect(await scene.verify({ level: 'data' })).toMatchObject({ checked: { objects: 2, bytes: 9 * MIB + 5 } });
    expect(scene.warnings).toEqual([]);
  });

  it.each([
    ['objects', 5],
    ['checksums', 5],
  ] as const)('has a warning at level `%s` where the store keeps nothing to compare with', async (level, heads) => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    const store = new ObservedStore(scene.store);
    const { list, head } = store;
    store.list = (prefix) => withoutEtags(list.call(store, prefix));
    store.head = async (key) => {
      const { size, lastModified, etag } = await head.call(store, key);
      return { size, lastModified, ...(key.endsWith('/empty') && etag && { etag }) };
    };
    const report = await scene.verify({ level }, { store });
    expect(report).toMatchObject({ damaged: { count: 0 }, checked: { objects: 5 }, notComparable: 4 });
    expect(scene.warnings).toEqual([
      expect.objectContaining({
        kind: 'no-stored-checksums',
        message: expect.stringContaining('For 4 of the 5 objects the store keeps no checksum to compare'),
      }),
    ]);
    expect(store.operations.filter((operation) => operation === 'head')).toHaveLength(heads);
  });

  it('may be a copy, whose ETags are others: one HEAD for each of these objects decides', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    const store = new ObservedStore(scene.store);
    const { list } = store;
    const copied = new Set([fileKey(id, 'a.txt'), fileKey(id, 'b/c.txt')].map(String));
    store.list = async function* (prefix) {
      for await (const listed of list.call(store, prefix)) {
        yield copied.has(listed.key) ? { ...listed, etag: '"0-1"' } : listed;
      }
    };
    const report = await scene.verify({}, { store });
    expect(report).toMatchObject({ damaged: { count: 0 }, notComparable: 0 });
    expect(store.requests.filter(({ operation }) => operation === 'head').flatMap(({ keys }) => keys)).toEqual([
      ...copied,
    ]);
  });
});

describe('damage', () => {
  it.each(LEVELS)('is named at level %s, with the versions it hurts', async (level) => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    const id = await scene.backup(FILES);
    await scene.remove(fileKey(id, 'b/c.txt'));
    await scene.put(fileKey(id, 'a.txt'), 'firs');
    await scene.put(fileKey(id, 'b/ü 🚀.txt'), 'longer than it was');
    const report = await scene.verify({ level, version: 'all' });
    expect(found(report)).toEqual(['size a.txt', 'missing b/c.txt', 'size b/ü 🚀.txt']);
    expect(report.damaged.first.map(({ versions }) => versions)).toEqual([[id], [id], [id]]);
    expect(report.versions.map(({ state }) => state)).toEqual(['intact', 'damaged']);
    expect(report.checked.objects).toBe(10);
  });

  it('of bytes that keep their number is found at every level, by one HEAD at level `objects`', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    await scene.put(fileKey(id, 'a.txt'), 'fIrst');
    const levels = await Promise.all(LEVELS.map(async (level) => found(await scene.verify({ level }))));
    expect(levels).toEqual([['checksum a.txt'], ['checksum a.txt'], ['content a.txt'], ['content a.txt']]);
    const store = new ObservedStore(scene.store);
    await scene.verify({}, { store });
    const looks = store.requests.filter(
      ({ operation, keys: [key] }) => operation === 'head' && key?.includes('/files/'),
    );
    expect(looks.map(({ keys }) => keys)).toEqual([[fileKey(id, 'a.txt')]]);
    expect(
      store.requests.filter(({ operation, keys: [key] }) => operation === 'get' && key?.includes('/files/')),
    ).toEqual([]);
  });

  it('of an index hurts the version as a whole, and hides nothing of the others', async () => {
    await using scene = await Scene.create();
    const first = await scene.backup(FILES);
    const second = await scene.backup(FILES);
    await scene.put(KEYS.index(first), 'nonsense');
    await scene.remove(fileKey(second, 'empty'));
    const report = await scene.verify({ version: 'all' });
    expect(found(report)).toEqual([`index data/${first}/index.ndjson.zst`, 'missing empty']);
    expect(scene.warnings).toEqual([]);
    await scene.remove(KEYS.index(first));
    expect(found(await scene.verify({ version: '1' }))).toEqual([`index data/${first}/index.ndjson.zst`]);
  });

  it('of a record or a claim is found, and the rest of the version is looked at', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    const claim = (await scene.read(KEYS.claim({ number: 1 }))).toString();
    await scene.put(KEYS.claim({ number: 1 }), claim.replace('octocat', 'mallory'));
    await scene.remove(fileKey(id, 'empty'));
    expect(found(await scene.verify())).toEqual(['claim claims/000001.json', 'missing empty']);
    await scene.put(KEYS.record(id), '{}');
    expect(found(await scene.verify())).toEqual([`record versions/${id}.json`]);
  });

  it('of a record is also a count that the index does not bear out', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    await scene.rewriteRecord(id, ({ totals }) => ({ totals: { ...totals, files: 6 } }));
    const report = await scene.verify();
    expect(report.damaged.first).toEqual([
      expect.objectContaining({ kind: 'record', problem: 'it counts 6 files, but the index has 5' }),
    ]);
  });

  it('is not a claim that is gone, nor an object too many', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    await scene.remove(KEYS.claim({ number: 1 }));
    await scene.put(`${KEYS.dataPrefix(id)}files/extra`, 'x');
    expect(await scene.verify({ level: 'data' })).toMatchObject({ damaged: { count: 0 }, checked: { objects: 5 } });
    expect(scene.warnings).toEqual([
      expect.objectContaining({ kind: 'claim-missing', subject: id }),
      expect.objectContaining({ kind: 'extra-object', subject: `${KEYS.dataPrefix(id)}files/extra` }),
    ]);
  });

  it('is not what a prune has taken away meanwhile', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    await scene.backup(FILES);
    const store = new ObservedStore(scene.store, {
      before: ({ operation, keys: [prefix] }) => {
        if (operation !== 'list' || prefix !== KEYS.dataPrefix(id)) return;
        void scene.remove(KEYS.record(id));
        void scene.remove(fileKey(id, 'a.txt'));
      },
    });
    const report = await scene.verify({ version: 'all' }, { store });
    expect(report.damaged.count).toBe(0);
    expect(report.versions.map(({ state }) => state)).toEqual(['pruned', 'intact']);
    expect(scene.warnings).toEqual([expect.objectContaining({ kind: 'version-pruned-meanwhile', subject: id })]);
  });

  it.each([
    ['objects', 'list', `${KEYS.base}data/`],
    ['checksums', 'head', KEYS.base],
    ['data', 'get', '/files/b/'],
    ['restore', 'get', '/files/b/'],
    ['objects', 'get', '/index.ndjson.zst'],
    ['objects', 'get', KEYS.claimsPrefix],
  ] as const)('is not trouble with the store: at level %s a %s of …%s', async (level, operation, part) => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    const denied = new BackupError('Denied.', { class: 'permanent', code: 'AccessDenied', httpStatus: 403 });
    const store = new ObservedStore(scene.store, {
      before: (request) => {
        if (request.operation === operation && request.keys.some((key) => key.includes(part))) throw denied;
      },
    });
    await expect(scene.verify({ level }, { store })).rejects.toBe(denied);
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});

describe('the age of the newest version', () => {
  const maxAge = { ms: 26 * 3_600_000, text: '26h' };

  it('is judged by the clock of the store', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    scene.nowMs += 25 * 3_600_000;
    expect((await scene.verify({ maxAge })).staleness).toBeUndefined();
    scene.nowMs += 1000;
    const { staleness, damaged } = await scene.verify({ maxAge });
    expect(damaged.count).toBe(0);
    expect(staleness).toMatchObject({ newest: { version: { id }, ageMs: maxAge.ms + 1000 } });
    expect(scene.lines.join('\n')).toContain('is 1 d 02 h old, and `max-age` is 26h.');
  });

  it('is that of the newest, whichever version is verified', async () => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    scene.nowMs += 100 * 3_600_000;
    await scene.backup(FILES);
    expect(await scene.verify({ maxAge, version: '1' })).not.toHaveProperty('staleness');
  });

  it('is too much where there is no version, which is no report without a limit', async () => {
    await using scene = await Scene.create();
    expect(await scene.verify({ maxAge })).toMatchObject({ versions: [], staleness: { maxAge } });
    for (const version of ['latest', 'all']) {
      await expect(scene.verify({ version })).rejects.toMatchObject({ name: 'VersionNotFoundError' });
    }
  });
});

describe('a subset', () => {
  it('of level `data` is read, and all the rest is looked for', async () => {
    await using scene = await Scene.create();
    const names = Array.from({ length: 40 }, (_, index) => `file ${index}`);
    const id = await scene.backup(Object.fromEntries(names.map((name) => [name, name])));
    for (const name of names) await scene.put(fileKey(id, name), name.replace('f', 'F'));
    await scene.remove(fileKey(id, 'file 7'));
    const shares = await Promise.all(
      [1, 2, 3].map((part) => scene.verify({ level: 'data', subset: { kind: 'part', part, parts: 3 } })),
    );
    for (const share of shares) expect(found(share)).toContain('missing file 7');
    const read = shares.flatMap((share) => found(share)).filter((damage) => damage.startsWith('content '));
    expect(read.sort()).toEqual(
      names
        .filter((name) => name !== 'file 7')
        .map((name) => `content ${name}`)
        .sort(),
    );
  });
});
