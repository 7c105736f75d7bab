import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collisionKey, type FileSystemTraits } from '../../src/restoration/collision-key.ts';

const LINUX: FileSystemTraits = { ignoresCase: false, ignoresForm: false };
const WINDOWS: FileSystemTraits = { ignoresCase: true, ignoresForm: false };
const APPLE: FileSystemTraits = { ignoresCase: true, ignoresForm: true };

const same = (a: string, b: string, traits: FileSystemTraits) => collisionKey(a, traits) === collisionKey(b, traits);

describe('collisionKey', () => {
  it.each([
    ['A', 'a', [false, true, true]],
    ['dir/FILE', 'DIR/file', [false, true, true]],
    ['stra\u00dfe', 'strasse', [false, true, true]],
    ['STRASSE', 'stra\u1e9ee', [false, true, true]],
    ['\ufb01le', 'file', [false, true, true]],
    ['\u212aelvin', 'kelvin', [false, true, true]],
    ['\u03a3', '\u03c2', [false, true, true]],
    ['\u00e9', 'e\u0301', [false, false, true]],
    ['\u00c9', 'e\u0301', [false, false, true]],
    ['\u212b', 'a\u030a', [false, false, true]],
    ['a\u200cb', 'ab', [false, false, true]],
    ['a', 'b', [false, false, false]],
    ['a/b', 'ab', [false, false, false]],
    ['\u65e5', '\u672c', [false, false, false]],
  ] as const)('%j and %j', (a, b, expected) => {
    expect([LINUX, WINDOWS, APPLE].map((traits) => same(a, b, traits))).toEqual(expected);
  });

  it('is the path itself, but for the separator, where the file system tells all names apart', () => {
    expect(collisionKey('a/\u00c9/\u200b', LINUX)).toBe('a\0\u00c9\0\u200b');
  });

  it('puts all that is below a path right behind it', () => {
    const name = fc.constantFrom(
      'a',
      'A',
      '!',
      'a!',
      '-',
      '\u00df',
      'ss',
      '~',
      '\u0001',
      '\uffff',
      '😀',
      '\u03a3',
      '.',
    );
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path), fc.constantFrom(LINUX, WINDOWS, APPLE), (paths, traits) => {
        const keys = paths.map((each) => collisionKey(each, traits)).sort((x, y) => (x < y ? -1 : Number(x > y)));
        for (const [index, key] of keys.entries()) {
          const isBelow = keys.map((other) => other === key || other.startsWith(`${key}\0`));
          const last = isBelow.lastIndexOf(true);
          expect(isBelow.slice(index, last + 1)).not.toContain(false);
        }
      }),
    );
  });
});
