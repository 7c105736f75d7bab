import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackupError } from '../../src/errors.ts';
import { keyProblem, MAX_KEY_BYTES, objectKey } from '../../src/store/object-key.ts';

describe('keyProblem', () => {
  it.each([
    ['', 'it is empty'],
    ['/a', 'it has an empty segment'],
    ['a/', 'it has an empty segment'],
    ['a//b', 'it has an empty segment'],
    ['./a', "it has a '.' segment"],
    ['a/../b', "it has a '..' segment"],
    ['a/..', "it has a '..' segment"],
    ['a\0b', 'it has a NUL character'],
    ['a\ud800', 'it is not valid Unicode'],
    ['x'.repeat(1025), 'it has 1025 bytes and S3 allows 1024'],
    ['€'.repeat(342), 'it has 1026 bytes and S3 allows 1024'],
  ])('finds what is wrong with %j', (key, problem) => {
    expect(keyProblem(key)).toBe(problem);
  });

  it.each(['a', 'a/b', '...', '.a', 'a/..b', 'a b', 'a\nb', 'a%2Fb', '\\', '🦊', 'x'.repeat(1024), '€'.repeat(341)])(
    'accepts %j',
    (key) => {
      expect(keyProblem(key)).toBeUndefined();
      expect(objectKey(key)).toBe(key);
    },
  );

  it('lets no key through that means something else to a store or a proxy', () => {
    const anyKey = fc.array(fc.oneof(fc.constantFrom('', '.', '..', '\0', 'a'), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(
        anyKey.map((segments) => segments.join('/')),
        (key) => {
          if (keyProblem(key) !== undefined) return;
          const path = new URL(`http://host/${key.split('/').map(encodeURIComponent).join('/')}`).pathname;
          expect(path.slice(1).split('/').map(decodeURIComponent).join('/')).toBe(key);
          expect(Buffer.byteLength(key)).toBeLessThanOrEqual(MAX_KEY_BYTES);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('objectKey', () => {
  it('throws a permanent error that names the key and the rule', () => {
    let thrown: unknown;
    try {
      objectKey('a/../b');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(BackupError);
    expect(thrown).toMatchObject({
      message: 'The object key "a/../b" cannot be used: it has a \'..\' segment.',
      details: { class: 'permanent', key: 'a/../b' },
    });
  });
});
