import { describe, expect, it } from '@jest/globals';
import {
  absolutePathOf,
  childPath,
  POSIX,
  segmentsOf,
  splitRoot,
  startsWith,
  WINDOWS,
  withSlashes,
} from '../../src/selection/paths.ts';

describe('withSlashes', () => {
  it.each([
    ['a//b///c', POSIX, 'a/b/c'],
    ['//a', POSIX, '/a'],
    ['a\\b', POSIX, 'a\\b'],
    ['a\\b/c', WINDOWS, 'a/b/c'],
    ['C:\\\\a', WINDOWS, 'C:/a'],
    ['\\\\server\\share', WINDOWS, '//server/share'],
    ['\\a', WINDOWS, '/a'],
  ])('%j', (path, style, expected) => {
    expect(withSlashes(path, style)).toBe(expected);
  });
});

describe('splitRoot', () => {
  it.each([
    ['/a/b', POSIX, { anchor: [''], rest: 'a/b' }],
    ['/', POSIX, { anchor: [''], rest: '' }],
    ['a/b', POSIX, undefined],
    ['C:/a', WINDOWS, { anchor: ['C:'], rest: 'a' }],
    ['c:', WINDOWS, { anchor: ['c:'], rest: '' }],
    ['C:a', WINDOWS, undefined],
    ['/a', WINDOWS, undefined],
    ['//server/share/a', WINDOWS, { anchor: ['', '', 'server', 'share'], rest: 'a' }],
  ])('%j', (path, style, expected) => {
    expect(splitRoot(path, style)).toEqual(expected);
  });
});

describe('segmentsOf', () => {
  it.each([
    ['/', POSIX, ['']],
    ['/work/a b/', POSIX, ['', 'work', 'a b']],
    ['C:\\', WINDOWS, ['C:']],
    ['C:\\work\\dist', WINDOWS, ['C:', 'work', 'dist']],
    ['\\\\server\\share\\dist', WINDOWS, ['', '', 'server', 'share', 'dist']],
  ])('%j', (path, style, expected) => {
    expect(segmentsOf(path, style)).toEqual(expected);
  });
});

describe('startsWith', () => {
  it('compares whole segments', () => {
    expect(startsWith(['', 'work'], ['', 'work'], POSIX)).toBe(true);
    expect(startsWith(['', 'work', 'a'], ['', 'work'], POSIX)).toBe(true);
    expect(startsWith(['', 'workshop'], ['', 'work'], POSIX)).toBe(false);
    expect(startsWith(['', 'work'], ['', 'work', 'a'], POSIX)).toBe(false);
  });

  it('ignores case on Windows only', () => {
    expect(startsWith(['c:', 'Work'], ['C:', 'work'], WINDOWS)).toBe(true);
    expect(startsWith(['', 'Work'], ['', 'work'], POSIX)).toBe(false);
  });
});

describe('childPath and absolutePathOf', () => {
  it('do not double the separator of a root', () => {
    expect(childPath('/', 'a', POSIX)).toBe('/a');
    expect(childPath('C:\\', 'a', WINDOWS)).toBe('C:\\a');
    expect(childPath('/work', 'a', POSIX)).toBe('/work/a');
  });

  it('turn stored paths into those of the system', () => {
    expect(absolutePathOf('C:\\work', 'a/b', WINDOWS)).toBe('C:\\work\\a\\b');
    expect(absolutePathOf('/work', 'a/b\\c', POSIX)).toBe('/work/a/b\\c');
  });
});
