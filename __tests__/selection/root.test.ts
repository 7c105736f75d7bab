import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resolveRoot } from '../../src/selection/root.ts';
import { itOnPosix, plant } from './tree.ts';

describe('resolveRoot', () => {
  it('takes an absolute directory, and a relative one from the workspace', async () => {
    const workspace = await plant('a/');
    const expected = { real: join(workspace, 'a'), given: join(workspace, 'a') };
    expect(await resolveRoot(join(workspace, 'a'), '/elsewhere')).toEqual(expected);
    expect(await resolveRoot('./a/', workspace)).toEqual(expected);
  });

  itOnPosix('resolves a link', async () => {
    const workspace = await plant('a/', 'l -> a');
    expect(await resolveRoot('l', workspace)).toEqual({ real: join(workspace, 'a'), given: join(workspace, 'l') });
  });

  it('refuses what is not there', async () => {
    const missing = join(await plant(), 'no\nwhere');
    await expect(resolveRoot(missing, '/')).rejects.toMatchObject({
      input: 'root',
      message: `The root ${JSON.stringify(missing)} does not exist; set 'root' to an existing directory, such as the workspace.`,
    });
  });

  it('refuses a file', async () => {
    const workspace = await plant('file');
    await expect(resolveRoot('file', workspace)).rejects.toMatchObject({
      input: 'root',
      message: expect.stringContaining('is not a directory; set'),
    });
  });

  itOnPosix('refuses a link to itself', async () => {
    const workspace = await plant();
    await symlink('loop', join(workspace, 'loop'));
    await expect(resolveRoot('loop', workspace)).rejects.toMatchObject({
      input: 'root',
      message: expect.stringContaining('is a symbolic link to itself; set'),
    });
  });
});
