import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { temporaryName } from '../../src/restoration/temporary-name.ts';
import { writeSmallFile } from '../../src/restoration/write-small-file.ts';
import { failure } from '../series/series-fixture.ts';
import { Scratch } from './scratch.ts';

const CONTENT = Buffer.from('content');
const ENTRY = { mode: '0640', mtime: '2001-02-03T04:05:06Z' };

it.each([true, false])('takes the place of what a killed restore has left, mayReplace: %p', async (mayReplace) => {
  await using scratch = await Scratch.create();
  const place = { path: scratch.at('file'), mayReplace, naming: 'by-name' } as const;
  await writeFile(scratch.at('victim'), 'mine');
  await symlink('victim', temporaryName(place.path, 'by-name'));
  writeSmallFile(CONTENT, ENTRY, place);
  expect((await readdir(scratch.path)).toSorted()).toEqual(['file', 'victim']);
  expect(await readFile(place.path, 'utf8')).toBe('content');
  expect((await stat(place.path)).mode & 0o777).toBe(0o640);
  expect(await readFile(scratch.at('victim'), 'utf8')).toBe('mine');
});

it('leaves nothing where it fails, and a directory that is in the way', async () => {
  await using scratch = await Scratch.create();
  const place = { path: scratch.at('file'), mayReplace: false, naming: 'by-name' } as const;
  await writeFile(place.path, 'mine');
  expect(() => writeSmallFile(CONTENT, ENTRY, place)).toThrow(failure('local', /EEXIST/));
  expect(await readdir(scratch.path)).toEqual(['file']);
  await mkdir(temporaryName(place.path, 'by-name'));
  expect(() => writeSmallFile(CONTENT, ENTRY, place)).toThrow(failure('local', /^Could not write ".*file"/));
  expect(await readdir(scratch.path)).toHaveLength(2);
});
