import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { BackupError } from '../../../src/errors.ts';
import type { ObjectStore, PartUpload } from '../../../src/store/object-store.ts';
import { KEYS, RUN } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { type Asked, backupRequest, MIB } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const AGAIN = { ...RUN, runAttempt: '2' };
/** A process number beyond those that systems give. */
const NO_PROCESS = 2 ** 30;

/** A store of which a run hears nothing any more from its n-th write on, as if the machine were gone. */
class DyingStore {
  writes = 0;
  readonly view: ObjectStore;

  constructor(inner: ObjectStore, diesAt: number) {
    const alive = <T>(work: () => Promise<T>): Promise<T> => {
      this.writes += 1;
      if (this.writes < diesAt) return work();
      return Promise.reject(new BackupError('The machine is gone.', { class: 'permanent' }));
    };
    const partsOf = (upload: PartUpload): PartUpload => ({
      uploadId: upload.uploadId,
      putPart: (part) => alive(() => upload.putPart(part)),
      complete: (whole) => alive(() => upload.complete(whole)),
      abort: async () => (this.writes < diesAt ? upload.abort() : undefined),
    });
    const own: Partial<ObjectStore> = {
      put: (...rest) => alive(() => inner.put(...rest)),
      putStream: (...rest) => alive(() => inner.putStream(...rest)),
      openUpload: (...rest) => alive(async () => partsOf(await inner.openUpload(...rest))),
    };
    this.view = new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name, target);
        return typeof value === 'function' && !Object.hasOwn(own, name) ? value.bind(target) : value;
      },
    });
  }
}

/** Something of everything: two packs, a file in parts, one compressed in parts, one small, one without bytes. */
async function everything(scene: Scene): Promise<void> {
  const small = Array.from({ length: 6 }, (_, at) => [`small/${at}`, randomBytes(200_000)] as const);
  await scene.write({
    ...Object.fromEntries(small),
    'large.bin': randomBytes(MIB + 1),
    // Half of it shrinks, so that it is compressed and still larger than a part.
    'log.txt': Buffer.concat([randomBytes(1.2 * MIB), Buffer.alloc(MIB, 'line\n')]),
    'medium.bin': randomBytes(MIB),
    empty: '',
    link: '-> large.bin',
  });
}

const ASKED: Asked = {
  resume: true,
  layout: 'auto',
  packBelow: MIB,
  packSize: MIB,
  concurrency: 1,
  partSize: MIB,
  compressionLevel: 1,
};
const PACKED: Asked = { ...ASKED, layout: 'archive' };

async function killed(scene: Scene, diesAt: number, asked: Asked): Promise<number> {
  const store = new DyingStore(scene.store, diesAt);
  await backup(backupRequest(scene, asked), scene.ports({ store: store.view })).catch(() => {});
  return store.writes;
}

const sizeOfAll = async (scene: Scene) =>
  (await Array.fromAsync(scene.store.list(KEYS.base))).reduce((sum, { size }) => sum + size, 0);

async function expectWhole(scene: Scene): Promise<void> {
  expect((await scene.verify({ level: 'data', version: 'all' })).damaged.first).toEqual([]);
  expect(await Array.fromAsync(scene.store.listUploads(''))).toEqual([]);
}

describe.each([
  ['in objects of their own', ASKED],
  ['in packs', PACKED],
])('a backup of files %s', (_form, asked) => {
  it('killed before any write is gone on with by the next attempt, under its number', async () => {
    await using whole = await Scene.create();
    await everything(whole);
    const writes = await killed(whole, Number.POSITIVE_INFINITY, asked);
    expect(writes).toBeGreaterThan(5);
    for (let diesAt = 1; diesAt <= writes; diesAt += 1) {
      await using scene = await Scene.create();
      await everything(scene);
      await killed(scene, diesAt, asked);
      const stored = await sizeOfAll(scene);
      const report = await backup(backupRequest(scene, asked), scene.ports({ run: AGAIN }));
      expect({ diesAt, number: report?.version.number }).toEqual({ diesAt, number: 1 });
      if (diesAt > 1) {
        expect(report?.resumed?.turn).toBe(2);
        // All that was there but the claim, and the index of the first attempt.
        expect(report?.resumed?.bytes ?? 0).toBeGreaterThanOrEqual(stored - 10_000);
      }
      await expectWhole(scene);
    }
  }, 120_000);

  it('is sent anew where it has changed in the meantime', async () => {
    await using scene = await Scene.create();
    await everything(scene);
    const writes = await killed(scene, Number.POSITIVE_INFINITY, { ...asked, resume: false });
    await scene.remove(KEYS.record('dist_full_20261122T080910Z_000001'));
    for (const name of ['large.bin', 'small/3']) {
      await writeFile(join(scene.directory, 'work', name), randomBytes(name === 'small/3' ? 200_000 : MIB + 1));
    }
    const report = await backup(backupRequest(scene, asked), scene.ports({ run: AGAIN }));
    expect(writes).toBeGreaterThan(0);
    expect(report).toMatchObject({ version: { number: 1 }, resumed: { turn: 2 } });
    expect(report?.uploadedBytes).toBeGreaterThan(MIB);
    await expectWhole(scene);
  });
});

describe('a first attempt', () => {
  it('asks nothing more than without `resume`, also beside claims of others', async () => {
    const operations = async (resume: boolean) => {
      await using scene = await Scene.create();
      await scene.write({ a: 'a', b: 'b' });
      await killed(scene, 2, { ...ASKED, resume: false });
      const store = new ObservedStore(scene.store);
      await backup(backupRequest(scene, { ...ASKED, resume }), scene.ports({ store }));
      expect(await scene.temporaryFiles()).toEqual([]);
      return store.operations;
    };
    expect(await operations(true)).toEqual(await operations(false));
  });

  it.each([
    ['goes on with its claim, once its process is gone', NO_PROCESS, 1],
    ['leaves its claim alone, while its process is there', process.pid, 2],
  ])('that is repeated in its job %s', async (_what, id, number) => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a', b: 'b' });
    const asked: Asked = { ...ASKED, layout: 'files' };
    await killed(scene, 3, asked);
    const [note = ''] = await scene.temporaryFiles();
    const path = join(scene.directory, 'temp', note);
    const { nonce } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ nonce, process: id }));
    const report = await backup(backupRequest(scene, asked), scene.ports());
    expect(report?.version.number).toBe(number);
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});
