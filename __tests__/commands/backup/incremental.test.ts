import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BackupRequest } from '../../../src/commands/backup/request.ts';
import { backup } from '../../../src/commands/backup.ts';
import { failureOf } from '../../../src/commands/verify/failure.ts';
import { openVersion } from '../../../src/series/open-version.ts';
import type { VersionRecord } from '../../../src/series/record.ts';
import { readRecord } from '../../../src/series/records.ts';
import { KEYS, keysIn } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { type Asked, backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { found, MIB, Scene } from '../verify/scene.ts';

const FIRST = 'dist_full_20261122T080910Z_000001';
const SECOND = 'dist_incremental_20261122T090910Z_000002';
const AUTO: BackupRequest['incremental'] = {
  mode: 'auto',
  fullEvery: { versions: 7 },
  changeDetection: 'content',
  repackBelow: 0.3,
};

const kinds = ({ warnings }: Scene) => warnings.map(({ kind }) => kind);

async function run(scene: Scene, incremental: Partial<BackupRequest['incremental']> = {}, asked: Asked = {}) {
  const store = new ObservedStore(scene.store);
  const request = backupRequest(scene, { compression: 'off', ...asked, incremental: { ...AUTO, ...incremental } });
  const report = await backup(request, scene.ports({ store }));
  scene.nowMs += HOUR_MS;
  return { report, store, sent: store.requests.filter(({ operation }) => operation.startsWith('put')) };
}

/** Where the files of a version are, by path. */
async function placesOf(scene: Scene, id: string): Promise<Record<string, string>> {
  const { index } = await openVersion(scene.store, KEYS, id, join(scene.directory, 'temp'));
  try {
    const entries = await Array.fromAsync(index.entries());
    return Object.fromEntries(entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry.key]] : [])));
  } finally {
    await index.close();
  }
}

const recordOf = (scene: Scene, id: string): Promise<VersionRecord> => readRecord(scene.store, KEYS, id);

describe('an incremental backup', () => {
  it('sends what is new, refers to the rest, and knows the difference without reading the base twice', async () => {
    await using scene = await Scene.create();
    await scene.write({ changed: 'old', gone: '12', moved: 'content', same: 'same' });
    await run(scene);
    rmSync(join(scene.directory, 'work', 'gone'));
    rmSync(join(scene.directory, 'work', 'moved'));
    await scene.write({ changed: 'newer', 'elsewhere/copy': 'content', 'elsewhere/moved': 'content', new: '1' });
    const { report, store, sent } = await run(scene);
    expect(report).toMatchObject({
      version: { id: SECOND, number: 2, type: 'incremental' },
      totals: { files: 5, bytes: 24 },
      uploadedBytes: 6,
      difference: {
        againstId: FIRST,
        added: { count: 3, bytes: 15 },
        changed: { count: 1, bytes: 5 },
        removed: { count: 2, bytes: 9 },
        unchanged: { count: 1, bytes: 4 },
      },
    });
    expect(await placesOf(scene, SECOND)).toEqual({
      changed: `data/${SECOND}/files/changed`,
      'elsewhere/copy': `data/${FIRST}/files/moved`,
      'elsewhere/moved': `data/${FIRST}/files/moved`,
      new: `data/${SECOND}/files/new`,
      same: `data/${FIRST}/files/same`,
    });
    expect(await recordOf(scene, SECOND)).toMatchObject({ type: 'incremental', leansOn: [FIRST] });
    expect(sent.map(({ keys }) => keys[0])).toEqual([
      KEYS.claim({ number: 2 }),
      KEYS.file(SECOND, 'changed'),
      KEYS.file(SECOND, 'new'),
      KEYS.index(SECOND),
      KEYS.record(SECOND),
    ]);
    // Versions, claims, the bucket; the base's record, index and objects; versions once more beside our claim.
    expect(store.operations.filter((operation) => !operation.startsWith('put'))).toEqual([
      'list',
      'list',
      'expirationRules',
      'get',
      'get',
      'list',
      'list',
    ]);
    expect(await scene.temporaryFiles()).toEqual([]);
    expect(scene.warnings).toEqual([]);
    expect(found(await scene.verify({ version: 'all', level: 'data' }))).toEqual([]);
  });

  it('is no remedy for damage, a full one is: as `verify` says', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene);
    await run(scene);
    // Other bytes of the same length: no listing shows them.
    await scene.put(KEYS.file(FIRST, 'a'), 'A');
    const damaged = await scene.verify({ level: 'data' });
    expect(damaged.damaged.first.map(({ versions }) => versions)).toEqual([[SECOND]]);
    const all = await scene.verify({ level: 'data', version: 'all' });
    expect(all.damaged.first.map(({ versions }) => versions)).toEqual([[FIRST, SECOND]]);
    expect(failureOf(damaged)?.details.hint).toContain('`incremental: off`');
    await run(scene, { mode: 'off' });
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
    await run(scene);
    expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
  });

  it.each(['files', 'archive'] as const)(
    'does not lean on what is gone or cut: it sends that again, layout %s',
    async (layout) => {
      await using scene = await Scene.create();
      await scene.write({ a: 'a'.repeat(50), b: 'b'.repeat(60), moved: 'm'.repeat(70), same: 's' });
      await run(scene, {}, { layout });
      await run(scene, {}, { layout });
      const objects = (await scene.keys()).filter(
        (key) => key.startsWith(KEYS.dataPrefix(FIRST)) && key !== KEYS.index(FIRST),
      );
      const hurt = layout === 'archive' ? objects : ['a', 'b', 'moved'].map((path) => KEYS.file(FIRST, path));
      for (const [place, key] of hurt.entries()) await (place === 1 ? scene.put(key, 'cut') : scene.remove(key));
      rmSync(join(scene.directory, 'work', 'moved'));
      await scene.write({ 'elsewhere/1': 'm'.repeat(70), 'elsewhere/2': 'm'.repeat(70) });
      const { report } = await run(scene, {}, { layout });
      const id = report?.version.id ?? '';
      expect(report).toMatchObject({ version: { type: 'incremental' }, totals: { files: 5 } });
      expect(scene.warnings.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
        hurt.map((key, place) => `base-damaged ${key} ${place === 1 ? 'has 3 bytes instead of 60' : 'is not there'}`),
      );
      expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
      const places = await placesOf(scene, id);
      expect(places['elsewhere/1']).toBe(places['elsewhere/2']);
      expect(places.same?.includes(layout === 'files' ? FIRST : id)).toBe(true);
      const { sent } = await run(scene, {}, { layout });
      expect(sent).toHaveLength(3);
      expect(scene.warnings).toHaveLength(hurt.length);
    },
  );

  it('leans only on versions it refers to, and claims all it might refer to', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene);
    await scene.write({ a: 'A' });
    await run(scene);
    await scene.write({ b: 'B' });
    const { report } = await run(scene);
    const id = report?.version.id ?? '';
    expect(await recordOf(scene, id)).toMatchObject({ leansOn: [SECOND] });
    const claim: unknown = JSON.parse((await scene.read(KEYS.claim({ number: 3 }))).toString());
    expect(claim).toMatchObject({ leansOn: [FIRST, SECOND] });
    expect(found(await scene.verify({ version: 'all', level: 'checksums' }))).toEqual([]);
  });

  it.each(['auto', 'files'] as const)(
    'stores equal files of one version once, small and large, layout %s',
    async (layout) => {
      await using scene = await Scene.create();
      const large = Buffer.alloc(6 * MIB, 'x');
      await scene.write({ a: 'same', b: 'same', c: 'same', 'large/1': large, 'large/2': large });
      await run(scene, { mode: 'off' }, { layout });
      const data = (await keysIn(scene.store)).filter((key) => key.includes('/files/'));
      expect(data).toHaveLength(2);
      expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
    },
  );

  it('hashes a large file first where the base has one of its size, wherever that is', async () => {
    await using scene = await Scene.create();
    const [one, other] = [Buffer.alloc(6 * MIB, '1'), Buffer.alloc(6 * MIB, '2')];
    await scene.write({ here: one, there: other });
    await run(scene);
    rmSync(join(scene.directory, 'work', 'there'));
    await scene.write({ moved: other, here: Buffer.alloc(6 * MIB, '3') });
    const { report, store } = await run(scene);
    expect(report?.uploadedBytes).toBe(6 * MIB);
    expect(store.operations.filter((operation) => operation === 'openUpload')).toHaveLength(1);
    expect((await placesOf(scene, SECOND)).moved).toBe(`data/${FIRST}/files/there`);
  });
});

describe('the type of a version', () => {
  it('is full every so many versions', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    const types: (string | undefined)[] = [];
    for (let number = 1; number <= 5; number++) {
      types.push((await run(scene, { fullEvery: { versions: 3 } })).report?.version.type);
    }
    expect(types).toEqual(['full', 'incremental', 'incremental', 'full', 'incremental']);
  });

  it('is full after so much time, also where the last full one is pruned and only its data lives on', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a', b: 'b' });
    const asked: Asked = { retention: { policy: { keepLast: 1 } } };
    const types: (string | undefined)[] = [];
    for (let number = 1; number <= 4; number++) {
      await scene.write({ b: `b${number}` });
      types.push((await run(scene, { fullEvery: { ageMs: 3 * HOUR_MS } }, asked)).report?.version.type);
    }
    expect(types).toEqual(['full', 'incremental', 'incremental', 'full']);
  });

  it('is full with a warning where the newest version cannot be read', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene);
    await scene.put(KEYS.index(FIRST), 'no index');
    const { report } = await run(scene);
    expect(report?.version.type).toBe('full');
    expect(kinds(scene)).toEqual(['base-unreadable', 'previous-version-unreadable']);
  });

  it('is an error where only an incremental one will do', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene, { mode: 'always' });
    await scene.put(KEYS.index(FIRST), 'no index');
    await expect(run(scene, { mode: 'always' })).rejects.toMatchObject({
      message: expect.stringContaining(`The version ${FIRST}, which the new one was to build on, cannot be read`),
      details: { hint: expect.stringContaining('`incremental: auto`') },
    });
    expect(await keysIn(scene.store)).not.toContain(KEYS.claim({ number: 2 }));
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it('is that of the plan in a dry run', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene);
    const { report } = await run(scene, {}, { dryRun: true });
    expect(report?.version.id).toBe(SECOND);
    expect(report?.buildsOn).toBe(1);
  });

  it('is planned with a policy too, without a look for the record that is not there yet', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene);
    await run(scene);
    const asked = { dryRun: true, retention: { policy: { keepLast: 1 } } } as const;
    const { report, store } = await run(scene, {}, asked);
    const id = report?.version.id ?? '';
    expect(report?.prune.removed.toSorted()).toEqual([FIRST, SECOND].sort());
    // Where a role may list only below a prefix, S3 answers a GET of what is missing as one that is forbidden.
    expect(store.requests.filter(({ keys }) => keys.some((key) => key.includes(id)))).toEqual([]);
  });

  it('does not count as free what it may share with a base that goes', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene);
    const policy = { retention: { policy: { keepLast: 1 } } };
    const planned = (await run(scene, {}, { ...policy, dryRun: true })).report?.prune;
    expect(planned).toMatchObject({ outcome: 'planned', removed: [FIRST], isAtMost: true });
    const full = (await run(scene, { mode: 'off' }, { ...policy, dryRun: true })).report;
    expect(full?.prune).not.toHaveProperty('isAtMost');
    expect(full).not.toHaveProperty('buildsOn');
    const done = (await run(scene, {}, policy)).report?.prune;
    expect(done?.removed).toEqual([FIRST]);
    expect(done?.deletedObjects).toBeLessThan(planned?.deletedObjects ?? 0);
  });
});

describe('a base that is pruned before the claim that names it', () => {
  const pruned = (scene: Scene) =>
    new ObservedStore(scene.store, {
      before: ({ operation }) => {
        if (operation === 'put') void scene.store.delete([{ key: KEYS.record(FIRST) }]);
      },
    });

  it('is replaced by a full version under the next number', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene);
    const report = await backup(backupRequest(scene, { incremental: AUTO }), scene.ports({ store: pruned(scene) }));
    expect(report?.version).toMatchObject({ type: 'full', number: 3 });
    expect(await scene.temporaryFiles()).toEqual([]);
    expect(found(await scene.verify())).toEqual([]);
  });

  it('ends a run that may not be full', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await run(scene);
    const request = backupRequest(scene, { incremental: { ...AUTO, mode: 'always' } });
    await expect(backup(request, scene.ports({ store: pruned(scene) }))).rejects.toMatchObject({
      class: 'lost-race',
      message: expect.stringContaining('was pruned meanwhile'),
    });
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});
