import { chmod, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readEntry } from '../../src/selection/read-entry.ts';
import { itOnPosix, plant } from './tree.ts';

describe('readEntry', () => {
  itOnPosix('reads mode, size and time of a file', async () => {
    const root = await plant('a');
    const absolutePath = join(root, 'a');
    await writeFile(absolutePath, '12345');
    await chmod(absolutePath, 0o4750);
    await utimes(absolutePath, 0, 1_700_000_000.25);
    const status = await stat(absolutePath, { bigint: true });
    expect(readEntry({ path: 'a', absolutePath, kind: 'file' })).toEqual({
      path: 'a',
      absolutePath,
      type: 'file',
      mode: 0o4750,
      size: 5,
      mtimeNs: 1_700_000_000_250_000_000n,
      ctimeNs: status.ctimeNs,
      inode: status.ino,
    });
  });

  itOnPosix('reads the text of a link, whatever it points at', async () => {
    const root = await plant('l -> ../no where\n');
    const entry = readEntry({ path: 'l', absolutePath: join(root, 'l'), kind: 'symlink' });
    expect(entry).toMatchObject({ type: 'symlink', path: 'l', target: '../no where\n' });
    expect(entry).not.toHaveProperty('mode');
  });

  itOnPosix('reads a directory', async () => {
    const root = await plant('d/');
    await chmod(join(root, 'd'), 0o1777);
    const entry = readEntry({ path: 'd', absolutePath: join(root, 'd'), kind: 'directory' });
    expect(entry).toMatchObject({ type: 'directory', path: 'd', mode: 0o1777 });
  });

  itOnPosix('tells of a link whose target is not valid UTF-8', async () => {
    const root = await plant();
    const target = Buffer.of(0x61, 0xff);
    if (
      !(await symlink(target, join(root, 'l')).then(
        () => true,
        () => false,
      ))
    )
      return;
    expect(readEntry({ path: 'l', absolutePath: join(root, 'l'), kind: 'symlink' })).toEqual({
      path: 'l',
      problem: 'it is a link to "a\\xff", which is not valid Unicode',
    });
  });

  it('knows nothing of what vanished', async () => {
    const root = await plant();
    expect(readEntry({ path: 'a', absolutePath: join(root, 'a'), kind: 'file' })).toBeUndefined();
  });

  it('fails if it became something else', async () => {
    const root = await plant('a/');
    const absolutePath = join(root, 'a');
    const reading = () => readEntry({ path: 'a', absolutePath, kind: 'file' });
    expect(reading).toThrow(
      expect.objectContaining({
        class: 'local',
        message: expect.stringContaining('it became something else while it was listed'),
      }),
    );
  });
});
