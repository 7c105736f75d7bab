import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { moveInto, TemporaryFile, temporaryName } from '../../src/restoration/temporary-file.ts';
import { Scratch } from './scratch.ts';

describe('temporaryName', () => {
  it('is beside the place, and another each time', () => {
    const names = Array.from({ length: 100 }, () => temporaryName('/a/b/file'));
    expect(new Set(names).size).toBe(100);
    expect(new Set(names.map((name) => dirname(name)))).toEqual(new Set(['/a/b']));
    for (const name of names) expect(basename(name)).toMatch(/^\.restore-[0-9a-f]{32}\.tmp$/);
  });
});

describe('TemporaryFile', () => {
  it('is made with the first bytes, for its owner alone, and takes them in any order', async () => {
    await using scratch = await Scratch.create();
    const file = new TemporaryFile(scratch.at('place'));
    expect(await readdir(scratch.path)).toEqual([]);
    await Promise.all([file.write(Buffer.from('def'), 3), file.write(Buffer.from('abc'), 0)]);
    await file.close();
    expect(await readFile(file.path, 'utf8')).toBe('abcdef');
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    await file.remove();
    await file.remove();
    expect(await readdir(scratch.path)).toEqual([]);
  });

  it('has nothing to remove once it has its final name, and something where it did not get it', async () => {
    await using scratch = await Scratch.create();
    const [first, second] = [new TemporaryFile(scratch.at('place')), new TemporaryFile(scratch.at('place'))];
    const place = { path: scratch.at('place'), mayReplace: false };
    for (const file of [first, second]) {
      await file.write(Buffer.from('content'), 0);
      await file.close();
    }
    await first.moveTo(place);
    await writeFile(first.path, "somebody else's");
    await first.remove();
    await expect(second.moveTo(place)).rejects.toMatchObject({ code: 'EEXIST' });
    await second.remove();
    expect((await readdir(scratch.path)).toSorted()).toEqual([basename(first.path), 'place']);
  });

  it('opens nothing that is there already', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('victim'), 'mine');
    const file = new TemporaryFile(scratch.at('place'));
    await symlink('victim', file.path);
    await expect(file.write(Buffer.from('theirs'), 0)).rejects.toMatchObject({ code: 'EEXIST' });
    await file.remove();
    expect(await readFile(scratch.at('victim'), 'utf8')).toBe('mine');
  });
});

describe('moveInto', () => {
  it.each([true, false])('gives a file its name where nothing is, mayReplace: %p', async (mayReplace) => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('temporary'), 'content');
    await moveInto(scratch.at('temporary'), scratch.at('final'), mayReplace);
    expect(await readdir(scratch.path)).toEqual(['final']);
    expect((await stat(scratch.at('final'))).nlink).toBe(1);
  });

  it('replaces only what it may', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('temporary'), 'new');
    await writeFile(scratch.at('final'), 'old');
    const move = (mayReplace: boolean) => moveInto(scratch.at('temporary'), scratch.at('final'), mayReplace);
    await expect(move(false)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(scratch.at('final'), 'utf8')).toBe('old');
    await move(true);
    expect(await readFile(scratch.at('final'), 'utf8')).toBe('new');
  });

  it('follows no link at the name', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('temporary'), 'new');
    await writeFile(scratch.at('victim'), 'mine');
    await symlink('victim', scratch.at('final'));
    await expect(moveInto(scratch.at('temporary'), scratch.at('final'), false)).rejects.toMatchObject({
      code: 'EEXIST',
    });
    await moveInto(scratch.at('temporary'), scratch.at('final'), true);
    expect(await readFile(scratch.at('victim'), 'utf8')).toBe('mine');
  });
});
