import { describe, expect, it } from '@jest/globals';
import { parsePatterns } from '../../src/selection/parse-patterns.ts';
import { type PathStyle, POSIX, segmentsOf, WINDOWS } from '../../src/selection/paths.ts';
import { compileGlob, locationOf, type Pattern } from '../../src/selection/pattern.ts';

async function patternOf(line: string, style: PathStyle = POSIX): Promise<Pattern> {
  const root = style === POSIX ? '/r' : 'C:\\r';
  const [pattern] = await parsePatterns([line], { root, rootAsGiven: root, home: () => root, style });
  if (pattern === undefined) throw new Error('no pattern');
  return pattern;
}

const at = (path: string) => locationOf(['', 'r', ...path.split('/')]);

describe('Pattern.matches', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'a/b/.c', true],
    ['a', 'ab', false],
    ['*', '.h', true],
    ['*.js', 'a.js', true],
    ['*.js', 'a/b.js', false],
    ['**/*.js', 'b.js', true],
    ['**/*.js', 'a/b.js', true],
    ['?', 'é', true],
    ['[ab]', 'b', true],
    ['[!ab]', 'b', false],
    ['{a,b}', 'a', false],
    ['{a,b}', '{a,b}', true],
    ['+(a)', 'aa', false],
    ['+(a)', '+(a)', true],
    ['a/**', 'a', true],
    ['A', 'a', false],
  ])('%j and %j: %j', async (line, path, expected) => {
    expect((await patternOf(line)).matches(at(path), 'file')).toBe(expected);
  });

  it('takes a separator at the end for "directories only"', async () => {
    const pattern = await patternOf('a/');
    expect(pattern.matches(at('a'), 'directory')).toBe(true);
    expect(pattern.matches(at('a'), 'file')).toBe(false);
    expect(pattern.matches(at('a/b'), 'file')).toBe(true);
  });

  it('takes a link in its literal part for named', async () => {
    const pattern = await patternOf('a/b/*.js');
    expect(pattern.matches(at('a'), 'symlink')).toBe(true);
    expect(pattern.matches(at('a/b'), 'symlink')).toBe(true);
    expect(pattern.matches(at('a/b'), 'directory')).toBe(false);
    expect(pattern.matches(at('b'), 'symlink')).toBe(false);
    expect((await patternOf('!a/b/*.js')).matches(at('a'), 'symlink')).toBe(false);
  });

  it('ignores case on Windows', async () => {
    const pattern = await patternOf('Dist\\*.JS', WINDOWS);
    const segments = segmentsOf('C:\\r\\dist\\a.js', WINDOWS);
    expect(pattern.matches(locationOf(segments), 'file')).toBe(true);
    expect(pattern.names(locationOf(segments.slice(0, -1)))).toBe(true);
  });
});

describe('Pattern.covers', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'a/b', true],
    ['a/*', 'a', false],
    ['a/*', 'a/b', true],
    ['**/node_modules', 'x/node_modules', true],
    ['**/*', 'a', true],
    ['a/**/*.js', 'a', false],
  ])('%j covers all below %j: %j', async (line, path, expected) => {
    expect((await patternOf(line)).covers(at(path))).toBe(expected);
  });
});

describe('Pattern.mayMatchBelow', () => {
  it.each([
    ['a/b/c', 'a', true],
    ['a/b/c', 'a/b', true],
    ['a/b/c', 'a/x', false],
    ['a/b/c', 'a/b/c/d', true],
    ['*/b', 'x', true],
    ['*/b', 'x/y', false],
    ['**/b', 'x/y', true],
    ['*.js', 'x', false],
  ])('%j below %j: %j', async (line, path, expected) => {
    expect((await patternOf(line)).mayMatchBelow(at(path))).toBe(expected);
  });
});

describe('Pattern.names', () => {
  it.each([
    ['.github/**', '.github', true],
    ['.github/**', 'a/.github', false],
    ['**/.github/*', 'a/.github', true],
    ['a/.env', 'a/.env', true],
    ['*/.env', 'a/.env', true],
    ['[.]env', '.env', true],
    ['.*', '.env', false],
    ['.env*', '.env', false],
    ['**', '.env', false],
    ['.github', '.github/.env', false],
  ])('%j names %j: %j', async (line, path, expected) => {
    expect((await patternOf(line)).names(at(path))).toBe(expected);
  });
});

describe('compileGlob', () => {
  it('tells literal segments from others', () => {
    expect(compileGlob('a/*/[.]env/**/b\\*', POSIX).literals).toEqual(['a', undefined, '.env', undefined, 'b*']);
    expect(compileGlob('Ab/*', WINDOWS).literals).toEqual(['Ab', undefined]);
    expect(compileGlob('', POSIX)).toEqual({ parts: [], literals: [] });
  });
});
