import { describe, expect, it } from '@jest/globals';
import type { BackupRequest } from '../../../src/commands/backup/request.ts';
import { backup } from '../../../src/commands/backup.ts';
import { BackupError } from '../../../src/errors.ts';
import { readRecord } from '../../../src/series/records.ts';
import { objectKey } from '../../../src/store/object-key.ts';
import type { LockMode } from '../../../src/store/object-store.ts';
import { KEYS, TIME } from '../../series/series-fixture.ts';
import { type Hooks, ObservedStore } from '../../store/observed-store.ts';
import { type Asked, backupRequest, HOUR_MS } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const DAY_MS = 24 * HOUR_MS;
const FIRST = 'dist_full_20261122T080910Z_000001';
const SECOND = 'dist_incremental_20261122T090910Z_000002';
const LOOSE = { layout: 'files', compression: 'off' } as const;

const bucket = () => Scene.create({ versioning: 'enabled', objectLock: true });

function locked(days: number, mode: LockMode = 'GOVERNANCE', legalHold = false): Asked {
  return { lock: { retention: { mode, length: { days } }, legalHold } };
}

/** Of the version so many hours after the first. */
const until = (hours: number, days: number) => new Date(TIME.getTime() + hours * HOUR_MS + days * DAY_MS);

async function run(scene: Scene, asked: Asked = {}, hooks: Hooks = {}) {
  const store = new ObservedStore(scene.store, hooks);
  const incremental: BackupRequest['incremental'] = {
    mode: 'auto',
    fullEvery: { versions: 100 },
    changeDetection: 'content',
    repackBelow: 0.3,
  };
  const request = backupRequest(scene, { ...LOOSE, incremental, ...asked });
  try {
    const report = await backup(request, scene.ports({ store }));
    return { id: report?.version.id ?? '', lock: report?.lock, of: (name: string) => keysOf(store, name) };
  } finally {
    scene.nowMs += HOUR_MS;
  }
}

function keysOf({ requests }: ObservedStore, name: string): string[] {
  return requests
    .filter(({ operation }) => operation === name)
    .map(({ keys: [key = ''] }) => key.slice(KEYS.base.length))
    .sort();
}

const lockOf = async (scene: Scene, key: string) => (await scene.store.head(objectKey(`${KEYS.base}${key}`))).lock;

describe('a locked version that refers to objects of older versions', () => {
  it('has each locked for as long as its own, once, before the record; objects it does not refer to stay as they are', async () => {
    await using scene = await bucket();
    await scene.write({ changed: 'old', 'copy/a': 'same', 'copy/b': 'same', kept: 'kept' });
    await run(scene);
    await scene.write({ changed: 'new' });
    const { id, lock: reported, of } = await run(scene, locked(30));
    const referred = [`data/${FIRST}/files/copy/a`, `data/${FIRST}/files/kept`];
    expect(of('head')).toEqual(referred);
    expect(of('retain')).toEqual(referred);
    expect(of('hold')).toEqual([]);
    const lock = { mode: 'GOVERNANCE', retainUntil: until(1, 30), legalHold: false };
    for (const key of [...referred, `data/${SECOND}/files/changed`]) expect(await lockOf(scene, key)).toEqual(lock);
    expect(await lockOf(scene, `data/${FIRST}/files/changed`)).toBeUndefined();
    const recorded = { ...lock, retainUntil: lock.retainUntil.toISOString() };
    expect(await readRecord(scene.store, KEYS, id)).toMatchObject({ lock: recorded });
    expect(reported).toEqual(recorded);
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it('has packs locked, and not what is in them one by one', async () => {
    await using scene = await bucket();
    await scene.write(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`small/${n}`, `content ${n}`])));
    await run(scene, { layout: 'archive' });
    await scene.write({ 'small/0': 'new' });
    const { of } = await run(scene, { layout: 'archive', ...locked(30) });
    expect(of('head')).toEqual([`data/${FIRST}/packs/0001.tar.zst`]);
    expect(of('retain')).toEqual([`data/${FIRST}/packs/0001.tar.zst`]);
  });

  it('asks for nothing where the record of the base says that all is locked for long enough', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a' });
    await run(scene, locked(365));
    await run(scene, locked(30));
    const { of } = await run(scene, locked(30));
    // The second only promises its own 30 days, so the third looks, and finds the 365.
    expect(of('head')).toEqual([`data/${FIRST}/files/a`]);
    expect(of('retain')).toEqual([]);
    expect(await lockOf(scene, `data/${FIRST}/files/a`)).toMatchObject({ retainUntil: until(0, 365) });
    const { of: ofFourth } = await run(scene, locked(7));
    expect([...ofFourth('head'), ...ofFourth('retain')]).toEqual([]);
  });

  it('makes no lock weaker: compliance stays', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a' });
    await run(scene, locked(1, 'COMPLIANCE'));
    await run(scene, locked(30));
    expect(await lockOf(scene, `data/${FIRST}/files/a`)).toEqual({
      mode: 'COMPLIANCE',
      retainUntil: until(1, 30),
      legalHold: false,
    });
  });

  it('puts them under its legal hold, also again where one was lifted', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene, { lock: { legalHold: true } });
    scene.store.lock(KEYS.file(FIRST, 'a'), { legalHold: false });
    const { of } = await run(scene, { lock: { legalHold: true } });
    expect(of('hold')).toEqual([`data/${FIRST}/files/a`]);
    expect(of('retain')).toEqual([]);
  });

  it('asks for nothing where nothing is to be locked', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a' });
    await run(scene, locked(30));
    const { id, of } = await run(scene);
    expect([...of('head'), ...of('retain')]).toEqual([]);
    expect(await readRecord(scene.store, KEYS, id)).not.toHaveProperty('lock');
  });

  it.each(['denied', 'gone'])('does not come to be where one of them is %s', async (what) => {
    await using scene = await bucket();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene);
    const key = KEYS.file(FIRST, 'a');
    const hooks: Hooks = {
      async before({ operation, keys }) {
        // Once the base was looked at.
        if (what === 'gone' && operation === 'put') await scene.remove(key);
        if (what === 'denied' && operation === 'retain' && keys[0] === key) {
          throw new BackupError('Access Denied.', { class: 'permanent', code: 'AccessDenied', httpStatus: 403 });
        }
      },
    };
    await expect(run(scene, locked(30), hooks)).rejects.toMatchObject({
      message: expect.stringMatching(/The object ".*files\/a" of an older version, .*, cannot be locked: /),
      details: { key },
    });
    expect((await scene.keys()).filter((name) => name.startsWith(KEYS.versionsPrefix))).toEqual([KEYS.record(FIRST)]);
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});

describe('prune of what newer versions have locked longer', () => {
  const prune = (days: number) => ({
    ...locked(days),
    retention: { policy: { keepLast: 1 }, pruneNoncurrent: true },
  });

  it('takes an old record once its lock has ended, and the rest with the version that leans on it', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a', b: 'b' });
    await run(scene, locked(1));
    await scene.write({ b: 'B' });
    await run(scene, locked(10));
    scene.nowMs += 2 * DAY_MS;
    await scene.write({ b: '3' });
    await run(scene, prune(1));
    expect(scene.warnings).toEqual([]);
    const dataOfFirst = async () => (await scene.keys()).filter((key) => key.startsWith(KEYS.dataPrefix(FIRST)));
    expect(await scene.keys()).not.toContain(KEYS.record(FIRST));
    expect(await dataOfFirst()).toEqual([KEYS.file(FIRST, 'a')]);
    scene.nowMs += 10 * DAY_MS;
    await scene.write({ a: 'A', b: '4' });
    const { id } = await run(scene, prune(1));
    expect(scene.warnings).toEqual([]);
    expect(await dataOfFirst()).toEqual([]);
    expect(await scene.keys()).toContain(KEYS.record(id));
  });

  it('keeps what a failed run has locked longer until that ends, and says so', async () => {
    await using scene = await bucket();
    await scene.write({ a: 'a' });
    await run(scene, locked(1));
    const fails: Hooks = {
      before({ operation, keys }) {
        if (operation === 'put' && keys[0]?.includes('/versions/')) {
          throw new BackupError('No.', { class: 'permanent', code: 'AccessDenied' });
        }
      },
    };
    await expect(run(scene, locked(20), fails)).rejects.toThrow('No.');
    scene.nowMs += 3 * DAY_MS;
    await scene.write({ a: 'A' });
    await run(scene, prune(1));
    expect(await scene.keys()).toContain(KEYS.file(FIRST, 'a'));
    expect(scene.warnings.map(({ kind }) => kind)).toContain('leftovers-locked');
    expect(scene.warnings.map(({ kind }) => kind)).not.toContain('prune-failed');
    scene.nowMs += 20 * DAY_MS;
    await run(scene, prune(1));
    expect(await scene.keys()).not.toContain(KEYS.file(FIRST, 'a'));
  });
});
