import { chown, lutimes, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunDirectory, removeLeftDirectories } from '../../src/commands/run-directory.ts';
import { silentLog } from '../../src/log.ts';

const DAY_MS = 24 * 3_600_000;
const NOBODY = 65_534;
const NOW_MS = Date.UTC(2026, 10, 29);

let below: string;
beforeEach(async () => {
  below = await mkdtemp(join(tmpdir(), 'run-directory-'));
});
afterEach(() => rm(below, { recursive: true }));

function sweep({ aborted = false, at = below } = {}): Promise<void> {
  const signal = aborted ? AbortSignal.abort() : new AbortController().signal;
  return removeLeftDirectories(at, { log: silentLog, signal, nowMs: NOW_MS });
}

async function left(name: string, days: number): Promise<string> {
  const path = join(below, name);
  await mkdir(join(path, 'restore-abc'), { recursive: true });
  await writeFile(join(path, 'restore-abc', 'index'), 'left');
  await age(path, days);
  return path;
}

function age(path: string, days: number): Promise<void> {
  const seconds = (NOW_MS - days * DAY_MS) / 1000;
  return utimes(path, seconds, seconds);
}

describe('RunDirectory', () => {
  it('says whose it is, and goes with all that is in it', async () => {
    const directory = await RunDirectory.create(below, silentLog);
    expect(dirname(directory.path)).toBe(below);
    expect(basename(directory.path)).toMatch(/^versioned-s3-backup-[A-Za-z0-9]{6}$/);
    await mkdir(join(directory.path, 'verify-abc'));
    await writeFile(join(directory.path, 'verify-abc', 'list'), 'left');
    await directory[Symbol.asyncDispose]();
    expect(await readdir(below)).toEqual([]);
  });

  it('goes too when the process ends on the spot', async () => {
    const before = process.listeners('exit');
    const directory = await RunDirectory.create(below, silentLog);
    const [added] = process.listeners('exit').filter((listener) => !before.includes(listener));
    await writeFile(join(directory.path, 'list'), 'left');
    added?.(0);
    expect(await readdir(below)).toEqual([]);
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

describe('removeLeftDirectories', () => {
  it('removes what was left a week ago, and nothing else', async () => {
    const outside = await left('outside', 9);
    await symlink(outside, join(await left('versioned-s3-backup-AAAAA1', 8), 'link'));
    await age(join(below, 'versioned-s3-backup-AAAAA1'), 8);
    await left('versioned-s3-backup-AAAAA2', 6);
    await left('versioned-s3-backup-list-1', 8);
    await symlink(outside, join(below, 'versioned-s3-backup-AAAAA3'));
    await lutimes(join(below, 'versioned-s3-backup-AAAAA3'), 1, 1);
    for (const name of ['versioned-s3-backup-AAAAA4', 'versioned-s3-backup-claim-0123456789abcdef.json']) {
      await writeFile(join(below, name), '{}');
      await age(join(below, name), 8);
    }
    const foreign = await left('versioned-s3-backup-AAAAA5', 8);
    // Who is not root can give nothing away: then it is only young.
    if (process.getuid?.() === 0) await chown(foreign, NOBODY, NOBODY);
    else await age(foreign, 6);
    await sweep({ aborted: true });
    expect(await readdir(below)).toContain('versioned-s3-backup-AAAAA1');
    await sweep();
    expect((await readdir(below)).toSorted()).toEqual([
      'outside',
      'versioned-s3-backup-AAAAA2',
      'versioned-s3-backup-AAAAA3',
      'versioned-s3-backup-AAAAA4',
      'versioned-s3-backup-AAAAA5',
      'versioned-s3-backup-claim-0123456789abcdef.json',
      'versioned-s3-backup-list-1',
    ]);
    expect(await readdir(outside)).toEqual(['restore-abc']);
  });

  it('never fails', async () => {
    await expect(sweep({ at: join(below, 'missing') })).resolves.toBeUndefined();
  });
});
