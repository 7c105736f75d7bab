import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { actionFor } from '../../src/restoration/existing.ts';
import { POSIX, WINDOWS } from '../../src/selection/paths.ts';
import type { Entry } from '../../src/series/model.ts';
import { directory, file, symlink as link } from '../commands/restore/scene.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

const FILE = file('x', 'content', { mode: '0644' }).entry;
const LINK = link('x', 'target').entry;
const DIRECTORY = directory('x').entry;

type Plant = (path: string) => Promise<unknown>;
const ABSENT: Plant = async () => undefined;
const SAME: Plant = (path) => writeFile(path, 'content', { mode: 0o644 });
const OTHER_MODE: Plant = (path) => writeFile(path, 'content', { mode: 0o600 });
const OTHER_BYTES: Plant = (path) => writeFile(path, 'CONTENT', { mode: 0o644 });
const OTHER_SIZE: Plant = (path) => writeFile(path, 'more content', { mode: 0o644 });
const LINKED: Plant = (path) => symlink('target', path);
const LINKED_ELSEWHERE: Plant = (path) => symlink('elsewhere', path);
const MADE: Plant = (path) => mkdir(path);

describe('actionFor', () => {
  it.each<[string, Entry, Plant, string, string, string]>([
    ['a file where nothing is', FILE, ABSENT, 'write', 'write', 'write'],
    ['a file where the same is', FILE, SAME, 'leave', 'touch', 'replace'],
    ['a file where only the mode differs', FILE, OTHER_MODE, 'conflict', 'touch', 'replace'],
    ['a file where bytes differ', FILE, OTHER_BYTES, 'conflict', 'replace', 'replace'],
    ['a file where the size differs', FILE, OTHER_SIZE, 'conflict', 'replace', 'replace'],
    ['a file where a link is', FILE, LINKED, 'conflict', 'replace', 'replace'],
    ['a link where nothing is', LINK, ABSENT, 'write', 'write', 'write'],
    ['a link where the same is', LINK, LINKED, 'leave', 'touch', 'replace'],
    ['a link where another is', LINK, LINKED_ELSEWHERE, 'conflict', 'replace', 'replace'],
    ['a link where a file is', LINK, SAME, 'conflict', 'replace', 'replace'],
    ['a directory where nothing is', DIRECTORY, ABSENT, 'write', 'write', 'write'],
    ['a directory where one is', DIRECTORY, MADE, 'leave', 'touch', 'touch'],
  ])('%s', async (_, entry, plant, ...expected) => {
    await using scratch = await Scratch.create();
    await plant(scratch.at('x'));
    const actions = (['never', 'changed', 'always'] as const).map((overwrite) =>
      actionFor(entry, scratch.at('x'), { overwrite, style: POSIX }),
    );
    expect(await Promise.all(actions)).toEqual(expected);
  });

  it.each<[string, Entry, Plant]>([
    ['a file where a directory is', FILE, MADE],
    ['a link where a directory is', LINK, MADE],
    ['a directory where a file is', DIRECTORY, SAME],
    ['a directory where a link is', DIRECTORY, LINKED],
  ])('never: %s', async (_, entry, plant) => {
    await using scratch = await Scratch.create();
    await plant(scratch.at('x'));
    for (const overwrite of ['never', 'changed', 'always'] as const) {
      await expect(actionFor(entry, scratch.at('x'), { overwrite, style: POSIX })).rejects.toEqual(
        failure('local', /^The target cannot take the version: .*x" is (a|no) directory/),
      );
    }
  });

  it('does not compare modes on Windows, which has none', async () => {
    await using scratch = await Scratch.create();
    await OTHER_MODE(scratch.at('x'));
    expect(await actionFor(FILE, scratch.at('x'), { overwrite: 'never', style: WINDOWS })).toBe('leave');
  });
});
