import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { type PatternBase, parsePatterns } from '../../src/selection/parse-patterns.ts';
import { POSIX, WINDOWS } from '../../src/selection/paths.ts';
import { itOnPosix } from './tree.ts';

const base: PatternBase = { root: '/real/work', rootAsGiven: '/work', home: () => '/real/work/home', style: POSIX };
const windows: PatternBase = {
  root: 'C:\\Work',
  rootAsGiven: 'C:\\Work',
  home: () => 'C:\\Users\\me',
  style: WINDOWS,
};

async function searchPaths(lines: readonly string[], from = base): Promise<string[]> {
  const patterns = await parsePatterns(lines, from);
  return patterns.map(({ negate, searchPath }) => (negate ? '!' : '') + searchPath.join('/'));
}

async function refusal(line: string, from = base): Promise<InputError> {
  const error = await parsePatterns([line], from).catch((reason: unknown) => reason);
  if (!(error instanceof InputError)) throw new Error(`${JSON.stringify(line)} was not refused: ${String(error)}`);
  return error;
}

describe('parsePatterns', () => {
  it('skips blank lines and comments', async () => {
    expect(await searchPaths(['', '  ', '# dist', '  # dist', 'dist'])).toEqual(['/real/work/dist']);
  });

  it('takes several lines in one', async () => {
    expect(await searchPaths(['a\nb\n\n#c'])).toEqual(['/real/work/a', '/real/work/b']);
  });

  itOnPosix.each([
    ['a/b', '/real/work/a/b'],
    ['  a/b  ', '/real/work/a/b'],
    ['./a', '/real/work/a'],
    ['.', '/real/work'],
    ['./', '/real/work'],
    ['a//b/', '/real/work/a/b'],
    ['a/*/b', '/real/work/a'],
    ['**/b', '/real/work'],
    ['a/[[]x]', '/real/work/a/[x]'],
    ['a/\\*', '/real/work/a/*'],
    ['a /', '/real/work/a '],
    ['\\#a', '/real/work/#a'],
    ['{a,b}', '/real/work/{a,b}'],
    ['~/x', '/real/work/home/x'],
    ['~', '/real/work/home'],
    ['~x', '/real/work/~x'],
  ])('finds where to search for %j', async (line, expected) => {
    expect(await searchPaths([line])).toEqual([expected]);
  });

  it('takes absolute patterns in both spellings of the root', async () => {
    expect(await searchPaths(['/work/a/*', '/real/work/b', '/work'])).toEqual([
      '/real/work/a',
      '/real/work/b',
      '/real/work',
    ]);
  });

  it('counts exclamation marks', async () => {
    expect(await searchPaths(['!a', '! b', '!!c', '!#d'])).toEqual([
      '!/real/work/a',
      '!/real/work/b',
      '/real/work/c',
      '!/real/work/#d',
    ]);
  });

  it('lets excludes start anywhere', async () => {
    expect(await searchPaths(['!/**/*.map', '!/etc/x'])).toEqual(['!', '!/etc/x']);
  });

  it('does not care for the current directory or wildcards in the root', async () => {
    const odd = { ...base, root: '/a*b/[c]\n', rootAsGiven: '/a*b/[c]\n' };
    expect(await searchPaths(['x'], odd)).toEqual(['/a*b/[c]\n/x']);
    const [pattern] = await parsePatterns(['x/*'], odd);
    const segments = ['', 'a*b', '[c]\n', 'x', 'y'];
    expect(pattern?.matches({ segments, asDirectory: [...segments, ''] }, 'file')).toBe(true);
  });

  it.each(['../x', 'a/../b', 'a/./b', './..', '/work/../etc', '..'])('refuses %j', async (line) => {
    const error = await refusal(line);
    expect(error.input).toBe('path');
    expect(error.message).toContain(
      `The pattern ${JSON.stringify(line)} in 'path' cannot be used: it has a '.' or '..' segment`,
    );
    expect(error.message).toContain(`"/work"; set 'root'`);
  });

  it('refuses an exclamation mark without a pattern', async () => {
    expect((await refusal('!')).message).toBe(
      `The pattern "!" in 'path' cannot be used: it is empty; write a pattern behind the "!" or remove the line.`,
    );
  });

  it.each(['/etc/passwd', '/', '/**', '/real', '/workshop/a', '/wor*/a'])('refuses %j as outside', async (line) => {
    expect((await refusal(line)).message).toBe(
      `The pattern ${JSON.stringify(line)} in 'path' starts outside of the root "/work", but what is stored is stored ` +
        `relative to the root: set 'root' to a directory that contains everything 'path' names.`,
    );
  });

  it('refuses a home directory outside of the root', async () => {
    const error = await refusal('~/x', { ...base, home: () => '/home/me' });
    expect(error.message).toContain('The pattern "~/x"');
  });
});

describe('parsePatterns on Windows', () => {
  it.each([
    ['a\\b\\*', 'C:/Work/a/b'],
    ['c:\\work\\Dist\\*', 'C:/Work/Dist'],
    ['C:/Work/a', 'C:/Work/a'],
    ['\\work\\a', 'C:/Work/a'],
    ['.\\a', 'C:/Work/a'],
  ])('finds where to search for %j', async (line, expected) => {
    expect(await searchPaths([line], windows)).toEqual([expected]);
  });

  it.each(['D:\\Work\\a', '\\\\server\\share\\a', '~\\a'])('refuses %j as outside', async (line) => {
    expect((await refusal(line, windows)).message).toContain('starts outside of the root "C:\\\\Work"');
  });

  it('refuses a path that depends on the current directory of a drive', async () => {
    expect((await refusal('C:a', windows)).message).toBe(
      `The pattern "C:a" in 'path' cannot be used: it depends on the drive's current directory; write "C:\\directory" in full.`,
    );
  });
});
