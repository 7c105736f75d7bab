import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BackupRequest } from '../../../src/commands/backup/request.ts';
import { selectFiles } from '../../../src/commands/backup/select-files.ts';
import { type ReadDirectory, readDirectory } from '../../../src/selection/read-directory.ts';
import { SeriesKeys } from '../../../src/series/keys.ts';
import { VANISHED } from '../../../src/source-file.ts';
import { recordingLog } from '../../aws/support/log.ts';
import { plant, temporaryDirectory } from '../../selection/tree.ts';
import { FULL_ONLY } from '../verify/scene.ts';

function requestFor(root: string, ifFileChanged: 'error' | 'warn'): BackupRequest {
  return {
    keys: new SeriesKeys({ prefix: 'backups', series: 'dist' }),
    retention: {
      policy: {},
      timezone: 'UTC',
      maxDelete: { kind: 'percent', percent: 100 },
      pruneNoncurrent: false,
      abandonedAfterMs: 0,
    },
    selection: { patterns: ['**'], root, includeHiddenFiles: false, ifNoFilesFound: 'error', ifFileChanged },
    tags: {},
    incremental: FULL_ONLY,
    concurrency: 1,
    partSize: 5 * 2 ** 20,
    maxMemory: 64_000_000,
    layout: 'auto',
    packBelow: 2 ** 20,
    packSize: 2 ** 26,
    compressionLevel: 3,
    compression: 'auto',
    dryRun: false,
  };
}

/** A directory `gone` that is listed and not there any more when it is looked into. */
async function sceneOf(ifFileChanged: 'error' | 'warn', signal = new AbortController().signal) {
  const root = await plant('a', 'gone/b');
  const ports = { log: recordingLog(), signal, temporaryDirectory: await temporaryDirectory() };
  const read: ReadDirectory = async (path) => (path === join(root, 'gone') ? undefined : readDirectory(path));
  return { ports, selecting: selectFiles(requestFor(root, ifFileChanged), ports, read) };
}

describe('selectFiles', () => {
  it('fails for what vanishes meanwhile, and leaves no list', async () => {
    const { ports, selecting } = await sceneOf('error');
    await expect(selecting).rejects.toMatchObject({
      message: expect.stringContaining('"gone"'),
      details: { code: VANISHED },
    });
    expect(await readdir(ports.temporaryDirectory)).toEqual([]);
  });

  it('goes on without it where it may, with a warning', async () => {
    const { ports, selecting } = await sceneOf('warn');
    const selection = await selecting;
    expect(selection?.totals.files).toBe(1);
    expect(ports.log.warnings).toEqual([
      { kind: 'file-vanished', message: expect.stringContaining('not part of this version'), subject: 'gone' },
    ]);
    await selection?.close();
  });

  it('can be cancelled', async () => {
    const reason = new Error('stop');
    const { ports, selecting } = await sceneOf('warn', AbortSignal.abort(reason));
    await expect(selecting).rejects.toBe(reason);
    expect(await readdir(ports.temporaryDirectory)).toEqual([]);
  });
});
