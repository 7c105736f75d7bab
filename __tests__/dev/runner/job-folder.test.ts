import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createJobFolder, removeJobFolder } from '../../../dev/runner/job-folder.ts';

describe('createJobFolder', () => {
  it('lays out empty files and folders, and the event', async () => {
    const folder = await createJobFolder({ action: 'opened' }, undefined);
    const files = Object.values(folder.fileCommands);
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(files.map(() => ''));
    expect(new Set(files).size).toBe(5);
    for (const path of [folder.home, folder.temp, folder.toolCache]) {
      expect(await readdir(path)).toEqual([]);
    }
    expect(JSON.parse(await readFile(folder.eventPath, 'utf8'))).toEqual({ action: 'opened' });
    await removeJobFolder(folder);
    await expect(access(folder.root)).rejects.toThrow('ENOENT');
  });

  it('leaves a temporary folder alone that it was given', async () => {
    const temp = await mkdtemp(join(tmpdir(), 'temp-'));
    const folder = await createJobFolder({}, temp);
    expect(folder.temp).toBe(temp);
    await removeJobFolder(folder);
    expect(await readdir(temp)).toEqual([]);
    await rm(temp, { recursive: true });
  });
});
