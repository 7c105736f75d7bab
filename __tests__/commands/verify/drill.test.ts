import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../../src/errors.ts';
import { KEYS } from '../../series/series-fixture.ts';
import { ObservedStore } from '../../store/observed-store.ts';
import { file, Scene as RestoreScene } from '../restore/scene.ts';
import { found, MIB, Scene } from './scene.ts';

const FILES = {
  'node_modules/.bin/tool': '#!/bin/sh\n',
  'a.txt': 'first',
  'b.txt': 'second',
  out: '-> ../../elsewhere',
};

describe('level restore', () => {
  it('takes the time of each version, and leaves nothing behind', async () => {
    await using scene = await Scene.create();
    const ids = [
      await scene.backup(FILES),
      await scene.backup({ 'large file': Buffer.alloc(9 * MIB, 1), 'hollow/': '' }),
    ];
    let nowMs = 0;
    const report = await scene.verify({ level: 'restore', version: 'all' }, { monotonicMs: () => (nowMs += 1000) });
    expect(report.versions.map(({ version, drill }) => [version.id, drill?.totals.files])).toEqual([
      [ids[0], 3],
      [ids[1], 4],
    ]);
    for (const { drill } of report.versions) expect(drill?.durationMs).toBeGreaterThan(0);
    expect(scene.lines.filter((line) => line.includes('was restored and compared in'))).toHaveLength(2);
    expect(await scene.temporaryFiles()).toEqual([expect.stringMatching(/^versioned-s3-backup-list-/)]);
  });

  it('names everything that is damaged, though a restore stops at the first', async () => {
    await using scene = await Scene.create();
    const id = await scene.backup(FILES);
    await scene.put(KEYS.file(id, 'a.txt'), 'fIrst');
    await scene.put(KEYS.file(id, 'b.txt'), 'sEcond');
    const report = await scene.verify({ level: 'restore' });
    expect(found(report)).toEqual(['content a.txt', 'content b.txt']);
    expect(report.versions).toEqual([expect.objectContaining({ state: 'damaged' })]);
    expect(report.versions[0]).not.toHaveProperty('drill');
  });

  it('finds what no other level can: a version that does not come back', async () => {
    await using scene = await Scene.create();
    await using other = await RestoreScene.create();
    await other.publish({ items: [file('n'.repeat(256))] });
    const { store } = other;
    expect(found(await scene.verify({ level: 'data' }, { store }))).toEqual([]);
    const report = await scene.verify({ level: 'restore' }, { store });
    expect(report.damaged.first).toEqual([
      expect.objectContaining({ kind: 'restore', problem: expect.stringContaining('more than 255 bytes') }),
    ]);
  });

  it('says once what does not come back by design', async () => {
    await using scene = await Scene.create();
    await scene.write({ 'set-user-id': 'x' });
    await chmod(join(scene.directory, 'work', 'set-user-id'), 0o4755);
    await scene.backup();
    expect(found(await scene.verify({ level: 'restore' }))).toEqual([]);
    expect(scene.warnings).toEqual([expect.objectContaining({ kind: 'special-mode-bits' })]);
  });

  it('is no verdict on the version when the disk or the network fails', async () => {
    await using scene = await Scene.create();
    await scene.backup(FILES);
    const trouble = new BackupError('Cut off.', { class: 'transient' });
    const store = new ObservedStore(scene.store, {
      before: ({ keys: [key] }) => {
        if (key?.endsWith('b.txt')) throw trouble;
      },
    });
    await expect(scene.verify({ level: 'restore' }, { store })).rejects.toBe(trouble);
    expect(await scene.temporaryFiles()).toEqual([]);
  });
});
