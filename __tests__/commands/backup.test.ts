import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { backup } from '../../src/commands/backup.ts';
import { openVersion } from '../../src/series/open-version.ts';
import { failure, KEYS, keysIn, stored } from '../series/series-fixture.ts';
import { ObservedStore, refusing } from '../store/observed-store.ts';
import { type Asked, backupRequest, HOUR_MS } from './ports-fixture.ts';
import { found, MIB, Scene } from './verify/scene.ts';

const FIRST = 'dist_full_20261122T080910Z_000001';
const SECOND = 'dist_full_20261122T090910Z_000002';

const KEEP_ONE: Asked = { retention: { policy: { keepLast: 1 } } };

const kinds = ({ warnings }: Scene) => warnings.map(({ kind }) => kind);

/** The paths of a version, by its index. */
async function pathsOf(scene: Scene, id: string): Promise<string[]> {
  const { index } = await openVersion(scene.store, KEYS, id, join(scene.directory, 'temp'));
  try {
    return await Array.fromAsync(index.entries(), ({ path }) => path);
  } finally {
    await index.close();
  }
}

describe('backup', () => {
  it('makes the first version: an object for each file, an index, a claim and a record', async () => {
    await using scene = await Scene.create();
    await scene.write({ 'a.txt': 'hello', 'lib/b.txt': 'world!', 'lib/link': '-> b.txt', 'empty/': '' });
    const report = await backup(backupRequest(scene), scene.ports());
    expect(report).toMatchObject({
      dryRun: false,
      version: { id: FIRST, number: 1, type: 'full' },
      location: { bucket: 'memory', recordKey: KEYS.record(FIRST), uri: `s3://memory/${KEYS.record(FIRST)}` },
      totals: { files: 2, symlinks: 1, directories: 1, bytes: 11 },
      uploadedBytes: 11,
      prune: { outcome: 'off', removed: [] },
      tags: { team: 'core' },
    });
    expect(report).not.toHaveProperty('difference');
    expect(await keysIn(scene.store)).toEqual(
      [
        KEYS.claim({ number: 1 }),
        KEYS.file(FIRST, 'a.txt'),
        KEYS.file(FIRST, 'lib/b.txt'),
        KEYS.index(FIRST),
        KEYS.record(FIRST),
      ].sort(),
    );
    expect((await stored(scene.store, KEYS.file(FIRST, 'lib/b.txt'))).toString()).toBe('world!');
    expect(await pathsOf(scene, FIRST)).toEqual(['a.txt', 'empty', 'lib/b.txt', 'lib/link']);
    expect(await scene.temporaryFiles()).toEqual([]);
    expect(scene.warnings).toEqual([]);
  });

  it('makes the second version whole, and tells how it differs from the first', async () => {
    await using scene = await Scene.create();
    await scene.write({ changed: 'old', gone: '12', same: 'same' });
    await backup(backupRequest(scene), scene.ports());
    scene.nowMs += HOUR_MS;
    rmSync(join(scene.directory, 'work', 'gone'));
    await scene.write({ changed: 'newer', new: '1' });
    const report = await backup(backupRequest(scene), scene.ports());
    expect(report).toMatchObject({
      version: { id: SECOND, number: 2 },
      uploadedBytes: 10,
      difference: {
        againstNumber: 1,
        againstId: FIRST,
        added: { count: 1, bytes: 1, examples: ['new'] },
        changed: { count: 1, bytes: 5, examples: ['changed'] },
        removed: { count: 1, bytes: 2, examples: ['gone'] },
        unchanged: { count: 1, bytes: 4 },
      },
    });
    expect(await pathsOf(scene, FIRST)).toEqual(['changed', 'gone', 'same']);
    expect(await pathsOf(scene, SECOND)).toEqual(['changed', 'new', 'same']);
  });

  it('is a good backup also where the version before cannot be read', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await backup(backupRequest(scene), scene.ports());
    await scene.put(KEYS.index(FIRST), 'no index');
    scene.nowMs += HOUR_MS;
    const report = await backup(backupRequest(scene), scene.ports());
    expect(report?.version.id).toBe(SECOND);
    expect(report).not.toHaveProperty('difference');
    expect(kinds(scene)).toEqual(['previous-version-unreadable']);
  });
});

describe('backup: nothing found', () => {
  const nothing = (ifNoFilesFound: 'error' | 'warn' | 'ignore') => ({
    selection: { patterns: ['nowhere/**'], ifNoFilesFound },
  });

  it('error: names the input and the remedy', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await expect(backup(backupRequest(scene, nothing('error')), scene.ports())).rejects.toMatchObject({
      name: 'InputError',
      input: 'path',
      message: expect.stringMatching(/^The input path "nowhere\/\*\*" matches no file .*`if-no-files-found`/),
    });
    expect(await keysIn(scene.store)).toEqual([]);
    expect(await scene.temporaryFiles()).toEqual([]);
  });

  it.each([
    ['warn', ['no-files-found']],
    ['ignore', []],
  ] as const)('%s: makes no version and asks the store for nothing', async (ifNoFilesFound, warned) => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    const store = new ObservedStore(scene.store);
    const ports = scene.ports({ store });
    expect(await backup(backupRequest(scene, nothing(ifNoFilesFound)), ports)).toBeUndefined();
    expect(kinds(scene)).toEqual(warned);
    expect(store.requests).toEqual([]);
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});

describe('backup: dry run', () => {
  it('plans the version and the prune, and changes nothing', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'hello' });
    await backup(backupRequest(scene), scene.ports());
    scene.nowMs += HOUR_MS;
    const before = await keysIn(scene.store);
    const store = new ObservedStore(scene.store);
    const report = await backup(backupRequest(scene, { ...KEEP_ONE, dryRun: true }), scene.ports({ store }));
    expect(report).toMatchObject({
      dryRun: true,
      version: { id: SECOND, number: 2 },
      totals: { files: 1, bytes: 5 },
      uploadedBytes: 0,
      prune: { outcome: 'planned', removed: [FIRST], deletedObjects: 4 },
    });
    expect(new Set(store.operations)).toEqual(new Set(['list', 'versioning', 'get']));
    expect(await keysIn(scene.store)).toEqual(before);
  });
});

describe('backup: prune after it', () => {
  it('removes what the policy does not keep', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await backup(backupRequest(scene), scene.ports());
    scene.nowMs += HOUR_MS;
    const report = await backup(backupRequest(scene, KEEP_ONE), scene.ports());
    expect(report?.prune).toMatchObject({ outcome: 'done', removed: [FIRST], skipped: [] });
    expect((await keysIn(scene.store)).filter((key) => key.includes(FIRST))).toEqual([]);
    expect(await pathsOf(scene, SECOND)).toEqual(['a']);
  });

  it('that is refused is a warning and `failed`: the version is there', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    await backup(backupRequest(scene), scene.ports());
    scene.nowMs += HOUR_MS;
    const store = refusing(scene.store, () => 'AccessDenied');
    const report = await backup(backupRequest(scene, KEEP_ONE), scene.ports({ store }));
    expect(report?.prune).toMatchObject({
      outcome: 'failed',
      removed: [],
      failure: expect.stringContaining('AccessDenied'),
    });
    expect(kinds(scene)).toEqual(['prune-failed']);
    expect(scene.warnings[0]?.reason).toBe(report?.prune.failure);
    for (const id of [FIRST, SECOND]) expect(await pathsOf(scene, id)).toEqual(['a']);
  });

  it('that a wrong input stops is no trouble that goes by: the warning says what has to be done', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    const policy = { keepTags: [{ key: 'relase' }] };
    const report = await backup(backupRequest(scene, { retention: { policy } }), scene.ports());
    expect(report?.prune).toMatchObject({ outcome: 'failed', removed: [] });
    expect(scene.warnings).toEqual([
      {
        kind: 'prune-refused',
        message:
          'The backup is complete, but the prune after it was refused before it deleted anything, as the next ones will be until the input is corrected.',
        reason: expect.stringMatching(/keep-tag.*relase.*\.$/),
      },
    ]);
    expect(await pathsOf(scene, FIRST)).toEqual(['a']);
  });

  it('that cannot even begin is a warning and `failed`: the version is there', async () => {
    await using scene = await Scene.create();
    await scene.write({ a: 'a' });
    const store = new ObservedStore(scene.store, {
      before: ({ operation, keys }) => {
        if (operation === 'list' && keys.includes(KEYS.pinsPrefix)) throw new Error('no right to list pins');
      },
    });
    const report = await backup(backupRequest(scene, KEEP_ONE), scene.ports({ store }));
    expect(report?.prune).toMatchObject({ outcome: 'failed', removed: [], failure: 'no right to list pins' });
    expect(kinds(scene)).toEqual(['prune-failed']);
    expect(await pathsOf(scene, FIRST)).toEqual(['a']);
  });
});

describe('backup: files that do not hold still', () => {
  const LARGE = Buffer.alloc(5 * MIB + 1, 'x');

  /** Something happens to the selected files while the store is asked for something. */
  const during = (scene: Scene, operation: string, happen: () => void) =>
    scene.ports({
      store: new ObservedStore(scene.store, {
        before: (request) => {
          if (request.operation === operation) happen();
        },
      }),
    });

  async function withChange(
    ifFileChanged: 'error' | 'warn',
    work: (scene: Scene, run: () => ReturnType<typeof backup>) => Promise<void>,
  ) {
    await using scene = await Scene.create();
    await scene.write({ large: LARGE, small: 'small' });
    const ports = during(scene, 'openUpload', () => appendFileSync(join(scene.directory, 'work', 'large'), 'more'));
    await work(scene, () => backup(backupRequest(scene, { compression: 'off', selection: { ifFileChanged } }), ports));
  }

  it('error: fails, and no version is visible', () =>
    withChange('error', async (scene, run) => {
      await expect(run()).rejects.toEqual(failure('local', /changed while it was read/, { code: 'CHANGED' }));
      expect(await Array.fromAsync(scene.store.list(KEYS.versionsPrefix))).toEqual([]);
      expect(await Array.fromAsync(scene.store.listUploads(''))).toEqual([]);
      expect(await scene.temporaryFiles()).toEqual([]);
    }));

  it('warn: stores what was read, and its entry says just that', () =>
    withChange('warn', async (scene, run) => {
      const report = await run();
      expect(scene.warnings).toEqual([expect.objectContaining({ kind: 'file-changed', subject: 'large' })]);
      const bytes = await stored(scene.store, KEYS.file(FIRST, 'large'));
      expect(report?.totals).toMatchObject({ files: 2, bytes: bytes.length + 5 });
      expect(found(await scene.verify({ level: 'data' }))).toEqual([]);
    }));

  it.each(['error', 'warn'] as const)('%s: the same goes for a file that vanished', async (ifFileChanged) => {
    await using scene = await Scene.create();
    await scene.write({ gone: 'gone', stays: 'stays' });
    const ports = during(scene, 'put', () => rmSync(join(scene.directory, 'work', 'gone'), { force: true }));
    const outcome = backup(backupRequest(scene, { compression: 'off', selection: { ifFileChanged } }), ports);
    if (ifFileChanged === 'error') {
      await expect(outcome).rejects.toEqual(failure('local', /vanished/, { code: 'VANISHED' }));
      expect(await Array.fromAsync(scene.store.list(KEYS.versionsPrefix))).toEqual([]);
    } else {
      expect(await outcome).toMatchObject({ totals: { files: 1, bytes: 5 } });
      expect(scene.warnings).toEqual([expect.objectContaining({ kind: 'file-vanished', subject: 'gone' })]);
      expect(await pathsOf(scene, FIRST)).toEqual(['stays']);
    }
  });
});
