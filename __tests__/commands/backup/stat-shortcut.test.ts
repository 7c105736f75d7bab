import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { backup } from '../../../src/commands/backup.ts';
import { encodeEntry } from '../../../src/series/entry-line.ts';
import { writeIndex } from '../../../src/series/index-file.ts';
import type { Entry } from '../../../src/series/model.ts';
import { openVersion } from '../../../src/series/open-version.ts';
import { asyncOf, KEYS } from '../../series/series-fixture.ts';
import { watchReads } from '../../transfer/transfer-fixture.ts';
import { type Asked, backupRequest, HOUR_MS, MIB } from '../ports-fixture.ts';
import { Scene } from '../verify/scene.ts';

const STAT = { mode: 'auto', fullEvery: {}, changeDetection: 'stat', repackBelow: 0.3 } as const;

/** What a file that was not read keeps of the base, and no file of this content has. */
const NEVER_READ = 'f'.repeat(64);

const PATHS = ['replaced', 'rewritten', 'same', 'touched'] as const;

async function run(scene: Scene, asked: Asked = {}) {
  const report = await backup(backupRequest(scene, { incremental: STAT, compression: 'off', ...asked }), scene.ports());
  scene.nowMs += HOUR_MS;
  return report;
}

async function entriesOf(scene: Scene, id: string): Promise<Entry[]> {
  const { index } = await openVersion(scene.store, KEYS, id, join(scene.directory, 'temp'));
  try {
    return await Array.fromAsync(index.entries());
  } finally {
    await index.close();
  }
}

/** Other bytes, and all of the stat that a program can set is as it was. */
function change(scene: Scene, length: number): void {
  const at = (path: string) => join(scene.directory, 'work', path);
  const unnoticed = (path: string, write: (content: Buffer) => void) => {
    const { atimeNs, mtimeNs } = statSync(at(path), { bigint: true });
    write(Buffer.alloc(length, 'changed'));
    utimesSync(at(path), Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
  };
  unnoticed('rewritten', (content) => writeFileSync(at('rewritten'), content));
  unnoticed('replaced', (content) => {
    writeFileSync(at('new'), content);
    renameSync(at('new'), at('replaced'));
  });
  utimesSync(at('touched'), 1_700_000_000, 1_700_000_000);
}

/** Whole seconds, so that `utimes` can put them back; each with a content of its own. */
async function write(scene: Scene, length: number): Promise<void> {
  await scene.write(Object.fromEntries(PATHS.map((path) => [path, Buffer.alloc(length, path)])));
  for (const path of PATHS) utimesSync(join(scene.directory, 'work', path), 1_600_000_000, 1_600_000_000);
}

describe('change-detection: stat', () => {
  it.each(['files', 'archive'] as const)(
    'looks into every file whose ctime or inode is another, and into no other, layout %s',
    async (layout) => {
      await using scene = await Scene.create();
      await write(scene, 100);
      const first = await run(scene, { layout });
      const id = first?.version.id ?? '';
      // The base says of all files what only a look into them could put right.
      const lies = (await entriesOf(scene, id)).map((entry) => encodeEntry({ ...entry, sha256: NEVER_READ } as Entry));
      const index = await writeIndex(scene.store, KEYS, id, asyncOf(lies), {});
      await scene.rewriteRecord(id, () => ({ index }));
      change(scene, 100);
      const second = await run(scene, { layout });
      const entries = await entriesOf(scene, second?.version.id ?? '');
      const unread = entries.filter((entry) => entry.type === 'file' && entry.sha256 === NEVER_READ);
      expect(entries.map(({ path }) => path)).toEqual(PATHS);
      expect(unread.map(({ path }) => path)).toEqual(['same']);
    },
  );

  it('reads no byte of what is untouched, and each of what is not', async () => {
    await using scene = await Scene.create();
    await write(scene, MIB);
    await run(scene);
    change(scene, MIB);
    await using watch = await watchReads();
    const report = await run(scene);
    expect(report?.difference).toMatchObject({ changed: { count: 2 }, unchanged: { count: 2 } });
    const sizes = watch.reads.filter(({ bytes }) => bytes >= MIB / 2);
    expect(sizes.length).toBeGreaterThanOrEqual(3);
    watch.reads.length = 0;
    const again = await run(scene);
    expect(again).toMatchObject({ uploadedBytes: 0, difference: { unchanged: { count: 4 } } });
    expect(watch.reads.filter(({ bytes }) => bytes >= 64 * 1024)).toEqual([]);
  });

  it('reads everything after a version that was made without it', async () => {
    await using scene = await Scene.create();
    await write(scene, MIB);
    await run(scene, { incremental: { ...STAT, changeDetection: 'content' } });
    await using watch = await watchReads();
    expect(await run(scene)).toMatchObject({ uploadedBytes: 0 });
    const bytes = watch.reads.reduce((sum, read) => sum + read.bytes, 0);
    expect(bytes).toBeGreaterThanOrEqual(PATHS.length * MIB);
  });
});
