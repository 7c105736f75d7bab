import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isStillThere, moveInto, TemporaryFile } from '../../src/restoration/temporary-file.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

const naming = 'by-name';

async function begun(scratch: Scratch, fields: { readonly naming?: 'random' } = {}): Promise<TemporaryFile> {
  const file = new TemporaryFile({ path: scratch.at('place'), mayReplace: false, naming, ...fields });
  await file.write(Buffer.from('content'), 0);
  return file;
}

describe('TemporaryFile', () => {
  it('is made with the first bytes, for its owner alone, and takes them in any order', async () => {
    await using scratch = await Scratch.create();
    const file = new TemporaryFile({ path: scratch.at('place'), mayReplace: false, naming });
    expect(await readdir(scratch.path)).toEqual([]);
    await Promise.all([file.write(Buffer.from('def'), 3), file.write(Buffer.from('abc'), 0)]);
    await file.finish();
    expect(await readFile(file.path, 'utf8')).toBe('abcdef');
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    await file.remove();
    await file.remove();
    expect(await readdir(scratch.path)).toEqual([]);
  });

  it('is written by one call at a time: more would wait for each other in the kernel', async () => {
    await using scratch = await Scratch.create();
    const file = await begun(scratch);
    const handle = await file.open();
    const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<never>;
    let [atWork, most] = [0, 0];
    Object.assign(handle, {
      write: async (...args: unknown[]) => {
        most = Math.max(most, ++atWork);
        const result = await write(...args);
        atWork -= 1;
        return result;
      },
    });
    await Promise.all([0, 1, 2].map((number) => file.write(Buffer.from('abc'), number * 3)));
    expect(most).toBe(1);
    await file.remove();
  });

  it('has nothing to remove once it has its final name, and something where it did not get it', async () => {
    await using scratch = await Scratch.create();
    const [first, second] = [await begun(scratch, { naming: 'random' }), await begun(scratch, { naming: 'random' })];
    for (const file of [first, second]) await file.finish();
    await first.move();
    await writeFile(first.path, "somebody else's");
    await first.remove();
    await expect(second.move()).rejects.toMatchObject({ code: 'EEXIST' });
    await second.remove();
    expect((await readdir(scratch.path)).toSorted()).toEqual([basename(first.path), 'place']);
  });

  it('takes the place of what a killed restore has left, and follows no link there', async () => {
    await using scratch = await Scratch.create();
    const left = await begun(scratch);
    const file = await begun(scratch);
    expect(file.path).toBe(left.path);
    await file.remove();
    await writeFile(scratch.at('victim'), 'mine');
    await symlink('victim', file.path);
    const third = await begun(scratch);
    await third.finish();
    await third.move();
    expect(await readFile(scratch.at('victim'), 'utf8')).toBe('mine');
    expect((await readdir(scratch.path)).toSorted()).toEqual(['place', 'victim']);
    await left.remove();
  });

  it('leaves a directory that is in the way', async () => {
    await using scratch = await Scratch.create();
    const file = new TemporaryFile({ path: scratch.at('place'), mayReplace: false, naming });
    await mkdir(file.path);
    await expect(file.write(Buffer.from('content'), 0)).rejects.toMatchObject({ syscall: 'unlink' });
    await file.remove();
    expect((await stat(file.path)).isDirectory()).toBe(true);
  });

  it('gives what another restore is at neither a name nor up for lost', async () => {
    await using scratch = await Scratch.create();
    const first = await begun(scratch);
    const other = await begun(scratch);
    await expect(first.finish()).rejects.toEqual(
      failure('local', /^Another restore writes ".*place" at the same time/, { key: scratch.at('place') }),
    );
    await first.remove();
    await other.finish();
    await other.move();
    expect(await readdir(scratch.path)).toEqual(['place']);
  });
});

describe('moveInto', () => {
  it.each([true, false])('gives a file its name where nothing is, mayReplace: %p', async (mayReplace) => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('temporary'), 'content');
    await moveInto(scratch.at('temporary'), { path: scratch.at('final'), mayReplace, naming });
    expect(await readdir(scratch.path)).toEqual(['final']);
    expect((await stat(scratch.at('final'))).nlink).toBe(1);
  });

  it('replaces only what it may', async () => {
    await using scratch = await Scratch.create();
    await writeFile(scratch.at('temporary'), 'new');
    await writeFile(scratch.at('final'), 'old');
    const move = (mayReplace: boolean) =>
      moveInto(scratch.at('temporary'), { path: scratch.at('final'), mayReplace, naming });
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
    const move = (mayReplace: boolean) =>
      moveInto(scratch.at('temporary'), { path: scratch.at('final'), mayReplace, naming });
    await expect(move(false)).rejects.toMatchObject({ code: 'EEXIST' });
    await move(true);
    expect(await readFile(scratch.at('victim'), 'utf8')).toBe('mine');
  });
});

describe('isStillThere', () => {
  it('knows a file by its number, or as complete by size and time, where file systems number files anew', async () => {
    await using scratch = await Scratch.create();
    const complete = { ours: 'content', twin: 'content', other: 'content', begun: 'con' };
    for (const [name, content] of Object.entries(complete)) await writeFile(scratch.at(name), content);
    for (const name of ['ours', 'twin', 'begun']) await utimes(scratch.at(name), 1_000, 1_000);
    const ours = await stat(scratch.at('ours'));
    const found = (name: string) => stat(scratch.at(name));
    expect([isStillThere(ours, ours), isStillThere(ours, await found('twin'))]).toEqual([true, true]);
    expect([await found('other'), await found('begun'), undefined].map((other) => isStillThere(ours, other))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
