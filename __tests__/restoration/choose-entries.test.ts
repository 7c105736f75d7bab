import { describe, expect, it } from '@jest/globals';
import { entryChooser } from '../../src/restoration/choose-entries.ts';

const PATHS = ['.env', '.git/config', 'dist/a.js', 'dist/a.js.map', 'dist/sub/b.js', 'README.md', 'we\\ird'];

async function chosen(...patterns: string[]): Promise<string[]> {
  const isChosen = await entryChooser(patterns);
  return PATHS.filter((path) => isChosen({ path, type: 'file' }));
}

describe('entryChooser', () => {
  it('takes everything without patterns, hidden files and credentials too', async () => {
    expect(await chosen()).toEqual(PATHS);
    expect(await chosen('**')).toEqual(PATHS);
    expect(await chosen('# only a remark')).toEqual(PATHS);
  });

  it.each([
    [['dist'], ['dist/a.js', 'dist/a.js.map', 'dist/sub/b.js']],
    [['dist/'], ['dist/a.js', 'dist/a.js.map', 'dist/sub/b.js']],
    [['./dist/*.js'], ['dist/a.js']],
    [['/dist/*.js'], ['dist/a.js']],
    [['**/*.js', '!dist/sub/**'], ['dist/a.js']],
    [
      ['!**/*.js', '!**/*.map'],
      ['.env', '.git/config', 'README.md', 'we\\ird'],
    ],
    [
      ['**', '!dist', 'dist/sub/b.js'],
      ['.env', '.git/config', 'dist/sub/b.js', 'README.md', 'we\\ird'],
    ],
    [['.*'], ['.env', '.git/config']],
    [['nothing'], []],
  ])('%j', async (patterns, expected) => {
    expect(await chosen(...patterns)).toEqual(expected);
  });

  it('takes a directory that a pattern with a slash at its end is for', async () => {
    const isChosen = await entryChooser(['empty/']);
    expect(isChosen({ path: 'empty', type: 'directory' })).toBe(true);
    expect(isChosen({ path: 'empty', type: 'file' })).toBe(false);
  });

  it('refuses a home directory: a version has none', async () => {
    await expect(entryChooser(['~/x'])).rejects.toMatchObject({ name: 'InputError', input: 'path' });
  });
});
