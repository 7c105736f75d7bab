import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunDirectory } from '../../src/commands/run-directory.ts';
import { silentLog } from '../../src/log.ts';

let below: string;
beforeEach(async () => {
  below = await mkdtemp(join(tmpdir(), 'run-directory-'));
});
afterEach(() => rm(below, { recursive: true }));

describe('RunDirectory', () => {
  it('says whose it is, and goes with all that is in it', async () => {
    const directory = await RunDirectory.create(below, silentLog);
    expect(dirname(directory.path)).toBe(below);
    expect(basename(directory.path)).toMatch(/^versioned-s3-backup-run-[A-Za-z0-9]{6}$/);
    await mkdir(join(directory.path, 'verify-abc'));
    await writeFile(join(directory.path, 'verify-abc', 'list'), 'left');
    await directory[Symbol.asyncDispose]();
    expect(await readdir(below)).toEqual([]);
  });

  it('goes too when the process ends on the spot, but for directories, which take time', async () => {
    const before = process.listeners('exit');
    const directory = await RunDirectory.create(below, silentLog);
    const [added] = process.listeners('exit').filter((listener) => !before.includes(listener));
    await writeFile(join(directory.path, 'list'), 'left');
    added?.(0);
    expect(await readdir(below)).toEqual([]);
    await mkdir(join(directory.path, 'drill-abc'), { recursive: true });
    added?.(0);
    expect(await readdir(directory.path)).toEqual(['drill-abc']);
    await directory[Symbol.asyncDispose]();
    expect(process.listeners('exit')).toEqual(before);
  });

  it('stops no command where none can be made', async () => {
    const missing = join(below, 'missing');
    const directory = await RunDirectory.create(missing, silentLog);
    expect(directory.path).toBe(missing);
    await writeFile(join(below, 'file'), 'mine');
    await directory[Symbol.asyncDispose]();
    expect(await readdir(below)).toEqual(['file']);
  });
});
