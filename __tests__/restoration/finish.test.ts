import { link, mkdir, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { finishRestore } from '../../src/restoration/finish.ts';
import { temporaryName } from '../../src/restoration/temporary-name.ts';
import type { Plan, Step } from '../../src/restoration/types.ts';
import type { Entry } from '../../src/series/model.ts';
import { RunningTotals } from '../../src/series/running-totals.ts';
import { asyncOf, failure, fileEntry } from '../series/series-fixture.ts';
import { Scratch, targetAt } from './scratch.ts';

const mtime = '2001-02-03T04:05:06Z';
const ENTRIES: readonly Entry[] = [
  { path: 'empty', type: 'directory', mtime, mode: '0700' },
  fileEntry('file', { size: 3 }),
  { path: 'link', type: 'symlink', mtime, target: 'file' },
];

function planOf(entries: readonly Entry[], missed: Partial<Plan['totals']> = {}): Plan {
  const totals = new RunningTotals();
  for (const entry of entries) totals.add(entry);
  const steps = entries.map((entry): Step => ({ key: entry.path, path: entry.path, entry, action: 'write' }));
  return {
    totals: { ...totals.current(), ...missed },
    toFetch: { files: 0, bytes: 0 },
    left: 0,
    leftOut: { notChosen: 0, stripped: 0 },
    naming: 'by-name',
    steps: () => asyncOf(steps),
    packs: [],
    close: async () => {},
  };
}

async function restored(): Promise<Scratch> {
  const scratch = await Scratch.create();
  await writeFile(scratch.at('file'), 'abc');
  await symlink('file', scratch.at('link'));
  await mkdir(scratch.at('empty'));
  return scratch;
}

describe('finishRestore', () => {
  it('gives directories their modes and times where all is there', async () => {
    await using scratch = await restored();
    await finishRestore(planOf(ENTRIES), targetAt(scratch.path));
    const { mode, mtime: time } = await stat(scratch.at('empty'));
    expect([mode & 0o777, time]).toEqual([0o700, new Date(mtime)]);
  });

  it('takes the temporary name away that a killed restore has left on a complete file, and no other one', async () => {
    await using scratch = await restored();
    const temporary = temporaryName(scratch.at('file'), 'by-name');
    await link(scratch.at('file'), temporary);
    await link(scratch.at('file'), scratch.at('second'));
    await finishRestore(planOf(ENTRIES), targetAt(scratch.path));
    expect((await readdir(scratch.path)).toSorted()).toEqual(['empty', 'file', 'link', 'second']);
    await writeFile(temporary, "another restore's");
    await finishRestore(planOf(ENTRIES), targetAt(scratch.path));
    expect(await readdir(scratch.path)).toHaveLength(5);
  });

  it.each([
    ['a missing file', 'file', 'a file of 3 bytes', 'nothing', (at: Scratch['at']) => rm(at('file'))],
    ['a short file', 'file', 'a file of 3 bytes', 'a file of 2 bytes', (at: Scratch['at']) => truncate(at('file'), 2)],
    [
      'another link',
      'link',
      'a link to "file"',
      'a link to "other"',
      async (at: Scratch['at']) => {
        await rm(at('link'));
        await symlink('other', at('link'));
      },
    ],
    [
      'a link in the place of a file',
      'file',
      'a file of 3 bytes',
      'a link to "empty"',
      async (at: Scratch['at']) => {
        await rm(at('file'));
        await symlink('empty', at('file'));
      },
    ],
  ])('names %s', async (_, name, expected, found, spoil) => {
    await using scratch = await restored();
    await spoil((...names) => scratch.at(...names));
    await expect(finishRestore(planOf(ENTRIES), targetAt(scratch.path))).rejects.toEqual(
      failure('local', /^The restore is not complete/, { key: scratch.at(name), expected, found }),
    );
  });

  it.each([{ files: 2 }, { symlinks: 0 }, { directories: 9 }, { bytes: 4 }])('counts: %j', async (missed) => {
    await using scratch = await restored();
    await expect(finishRestore(planOf(ENTRIES, missed), targetAt(scratch.path))).rejects.toEqual(
      failure('local', /^The restore is not complete/),
    );
  });
});
