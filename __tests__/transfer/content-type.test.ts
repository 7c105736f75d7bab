import { describe, expect, it } from '@jest/globals';
import { contentTypeOf, DEFAULT_CONTENT_TYPE } from '../../src/transfer/content-type.ts';

describe('contentTypeOf', () => {
  it.each([
    ['dist/index.html', 'text/html'],
    ['dist/app.min.js', 'text/javascript'],
    ['dist/app.js.map', 'application/json'],
    ['style.css', 'text/css'],
    ['PHOTO.JPG', 'image/jpeg'],
    ['image.svg', 'image/svg+xml'],
    ['app.wasm', 'application/wasm'],
    ['release.tar.gz', 'application/gzip'],
    ['a name with spaces & 🦊.txt', 'text/plain'],
  ])('of %j is %s', (path, type) => {
    expect(contentTypeOf(path)).toBe(type);
  });

  it.each([
    'Makefile',
    'html',
    'dist/css',
    '.html',
    'bin/tool',
    'a.html/data',
    'dist/.html',
    'name.',
    'x.unknown-extension',
    'x.html\n',
    'x. txt',
  ])('of %j is not guessed', (path) => {
    expect(contentTypeOf(path)).toBe(DEFAULT_CONTENT_TYPE);
  });

  it('is always a media type that fits a header', () => {
    for (const path of ['a.txt\r\nX: y', '\u0000.js', '.'.repeat(1000), '__proto__', 'x.constructor']) {
      expect(contentTypeOf(path)).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
    }
  });
});
