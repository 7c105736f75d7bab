import { posix, win32 } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nameProblem, pathProblem, strippedPath } from '../../src/restoration/destination.ts';
import { absolutePathOf, type PathStyle, POSIX, WINDOWS } from '../../src/selection/paths.ts';

/** Paths made of what has led out of directories before, and of anything. */
const hostilePath = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '',
        'a',
        'C:',
        '\\',
        '..\\',
        '\0',
        ' ',
        '...',
        '~',
        '//',
        'con',
        'x.',
        'A~1',
        '\u2215',
      ),
      { maxLength: 8 },
    )
    .chain((parts) => fc.constantFrom('/', '\\', '').map((separator) => parts.join(separator))),
);

const problemOf = (path: string, style: PathStyle) => pathProblem(path) ?? nameProblem(path, style);

describe('pathProblem and nameProblem', () => {
  it('tell what no backup writes from what this machine cannot have', () => {
    for (const path of ['..', '/a', 'a//b', '', 'a\0']) expect(pathProblem(path)).toEqual(expect.any(String));
    for (const path of ['nul', 'a\\b', 'x'.repeat(256)]) expect(pathProblem(path)).toBeUndefined();
  });

  it.each(['..', 'a/../b', '/a', 'a//b', 'a/', '', '.', 'a\0', 'a\ud800', `${'a/'.repeat(2048)}a`, 'x'.repeat(256)])(
    'refuses %j everywhere',
    (path) => {
      expect(problemOf(path, POSIX)).toEqual(expect.any(String));
      expect(problemOf(path, WINDOWS)).toEqual(expect.any(String));
    },
  );

  it.each([
    ...['..\\evil', 'a\\..\\..\\evil', 'C:/x', 'C:..\\x', 'C:x', '\\\\server\\share\\x', '\\\\?\\C:\\x', 'dir/nul.txt'],
    ...['a/GIT~1/hooks', 'a ./b', 'x:stream'],
  ])('refuses %j on Windows, where it is not one name', (path) => {
    expect(problemOf(path, POSIX)).toBeUndefined();
    expect(problemOf(path, WINDOWS)).toEqual(expect.any(String));
  });

  it.each(['a', 'a/b/c', '.env', 'ä ö/ü', '日本/😀.txt', '-rf', 'a..b/..c', "it's"])('takes %j everywhere', (path) => {
    expect(problemOf(path, POSIX)).toBeUndefined();
    expect(problemOf(path, WINDOWS)).toBeUndefined();
  });

  it.each([
    ['POSIX', POSIX, '/t/target', posix],
    ['Windows', WINDOWS, 'C:\\t\\target', win32],
  ] as const)('lets nothing out of the target: %s', (_, style, target, path) => {
    fc.assert(
      fc.property(hostilePath, fc.nat(4), (hostile, strip) => {
        fc.pre(problemOf(hostile, style) === undefined);
        const stripped = strippedPath(hostile, strip);
        fc.pre(stripped !== undefined);
        const destination = absolutePathOf(target, stripped, style);
        const relative = path.relative(target, destination);
        expect(relative.split(path.sep)[0]).not.toBe('..');
        expect(path.isAbsolute(relative)).toBe(false);
        expect(relative).not.toBe('');
        // What the system makes of it is what it says.
        expect(path.normalize(destination)).toBe(destination);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('strippedPath', () => {
  it.each([
    ['a/b/c', 0, 'a/b/c'],
    ['a/b/c', 1, 'b/c'],
    ['a/b/c', 2, 'c'],
    ['a/b/c', 3, undefined],
    ['a', 512, undefined],
  ])('%j without %d', (path, components, expected) => {
    expect(strippedPath(path, components)).toBe(expected);
  });
});
