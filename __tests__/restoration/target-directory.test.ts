import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { protectionProblem } from '../../src/restoration/protected-places.ts';
import { openTarget, type TargetRequest } from '../../src/restoration/target-directory.ts';
import { Scratch } from './scratch.ts';

describe('openTarget', () => {
  it('makes a fresh directory of its own each time', async () => {
    await using scratch = await Scratch.create();
    const request = { below: scratch.path, name: 'restored-dist-000001' };
    const [one, two] = [await openTarget(request, []), await openTarget(request, [])];
    expect(one.path).not.toBe(two.path);
    expect(one.isFresh).toBe(true);
    expect(basename(one.path)).toMatch(/^restored-dist-000001-.{6}$/);
    expect(await readdir(one.path)).toEqual([]);
    await one.undo();
    expect(await readdir(scratch.path)).toEqual([basename(two.path)]);
  });

  it('makes a named one with all above it, and takes back no more than that', async () => {
    await using scratch = await Scratch.create();
    await mkdir(scratch.at('there'));
    const target = await openTarget({ path: scratch.at('there', 'a', 'b') }, []);
    expect([target.path, target.isFresh]).toEqual([scratch.at('there', 'a', 'b'), false]);
    await target.undo();
    expect(await readdir(scratch.path, { recursive: true })).toEqual(['there']);
  });

  it('takes back nothing that is not empty, or was there before', async () => {
    await using scratch = await Scratch.create();
    const made = await openTarget({ path: scratch.at('a', 'b') }, []);
    await writeFile(scratch.at('a', 'b', 'file'), '');
    await made.undo();
    await (await openTarget({ path: scratch.at('a') }, [])).undo();
    expect((await readdir(scratch.path, { recursive: true })).sort()).toEqual(['a', 'a/b', 'a/b/file']);
  });

  it('follows links to the target, and knows the runner by its real place', async () => {
    await using scratch = await Scratch.create();
    await mkdir(scratch.at('real', 'commands'), { recursive: true });
    await symlink('real', scratch.at('link'));
    const target = await openTarget({ path: scratch.at('link') }, [scratch.at('link', 'commands'), scratch.at('none')]);
    expect(target.path).toBe(scratch.at('real'));
    expect(protectionProblem('commands/env', 'file', target.places)).toEqual(expect.any(String));
  });

  it('keeps out what runs by itself, but from an empty directory that was asked for', async () => {
    await using scratch = await Scratch.create();
    const keepsOut = async (request: TargetRequest) => (await openTarget(request, [])).places.keepsOutCommands;
    const workspace = scratch.at('work', 'here');
    await mkdir(workspace, { recursive: true });
    const path = scratch.at('work', 'here', 'target');
    expect(await keepsOut({ below: workspace, name: 'fresh' })).toBe(true);
    expect(await keepsOut({ below: workspace, name: 'drill', isScratch: true })).toBe(false);
    expect(await keepsOut({ path, inUse: workspace })).toBe(false);
    expect(await keepsOut({ path, inUse: workspace })).toBe(false);
    await writeFile(scratch.at('work', 'here', 'target', 'file'), '');
    expect(await keepsOut({ path, inUse: workspace })).toBe(true);
  });

  it('takes the workspace and what holds it for in use, even where empty and by way of a link', async () => {
    await using scratch = await Scratch.create();
    await mkdir(scratch.at('work'));
    await symlink('work', scratch.at('link'));
    for (const path of [scratch.at('work'), scratch.at('link')]) {
      const { places } = await openTarget({ path, inUse: scratch.at('work') }, []);
      expect(places.keepsOutCommands).toBe(true);
      expect((await openTarget({ path, inUse: scratch.at('work2') }, [])).places.keepsOutCommands).toBe(false);
    }
  });

  it('refuses what cannot be a directory, by the name of the input', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('file'), '');
    for (const path of [scratch.at('file'), scratch.at('file', 'below'), scratch.at('nul\0')]) {
      await expect(openTarget({ path }, [])).rejects.toMatchObject({ name: 'InputError', input: 'target' });
    }
  });
});
