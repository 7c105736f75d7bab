import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Parents, statOf } from '../../src/restoration/parents.ts';
import { HERE } from '../../src/selection/paths.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

const KINDS = [
  ['checking', Parents.checking],
  ['making', Parents.making],
] as const;

describe('Parents', () => {
  it('tells what is there, and looks no further below what is not', async () => {
    await using scratch = await Scratch.create();
    await mkdir(scratch.at('a', 'b'), { recursive: true });
    const parents = Parents.checking(scratch.path, HERE);
    expect(await parents.enter([])).toBe(true);
    expect(await parents.enter(['a', 'b'])).toBe(true);
    expect(await parents.enter(['a', 'c', 'd'])).toBe(false);
    expect(await parents.enter(['a'])).toBe(true);
    expect(await parents.enter(['x', 'y', 'z'])).toBe(false);
    expect(await readdir(scratch.path)).toEqual(['a']);
  });

  it('makes what is missing, once', async () => {
    await using scratch = await Scratch.create();
    const parents = Parents.making(scratch.path, HERE);
    await mkdir(scratch.at('there'));
    for (const path of ['a/b/c', 'a/b/d', 'a', 'there/e']) expect(await parents.enter(path.split('/'))).toBe(true);
    expect((await readdir(scratch.path, { recursive: true })).sort()).toEqual([
      ...['a', 'a/b', 'a/b/c', 'a/b/d', 'there', 'there/e'],
    ]);
  });

  it.each(KINDS)('goes through no link, also not to a directory that is inside: %s', async (_, create) => {
    await using scratch = await Scratch.create();
    await mkdir(scratch.at('real'));
    await symlink('real', scratch.at('link'));
    const parents = create(scratch.path, HERE);
    const refused = failure('local', /link" is a symbolic link, through which nothing is written/);
    await expect(parents.enter(['link'])).rejects.toEqual(refused);
    await expect(parents.enter(['link', 'below'])).rejects.toEqual(refused);
    expect(await readdir(scratch.at('real'))).toEqual([]);
  });

  it.each(KINDS)('goes through no dangling link: %s', async (_, create) => {
    await using scratch = await Scratch.create();
    await symlink('../outside', scratch.at('link'));
    await expect(create(scratch.path, HERE).enter(['link'])).rejects.toEqual(failure('local', /is a symbolic link/));
    expect(await statOf(scratch.at('..', 'outside'))).toBeUndefined();
  });

  it.each(KINDS)('takes no file for a directory: %s', async (_, create) => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('file'), '');
    await expect(create(scratch.path, HERE).enter(['file'])).rejects.toEqual(
      failure('local', /file" is no directory, and the version has entries below it/),
    );
  });
});
