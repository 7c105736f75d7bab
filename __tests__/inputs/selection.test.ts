import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSelectionInputs } from '../../src/inputs/selection.ts';
import { readerOf } from '../github/support.ts';

const WORKSPACE = resolve('/work space');

describe('readSelectionInputs', () => {
  it.each([
    ['', WORKSPACE],
    ['.', WORKSPACE],
    ['dist', resolve(WORKSPACE, 'dist')],
    ['../other', resolve(WORKSPACE, '../other')],
    [resolve('/srv/data'), resolve('/srv/data')],
  ])('resolves the root %j to %s', (root, expected) => {
    expect(readSelectionInputs(readerOf({ root }), WORKSPACE, false).root).toBe(expected);
  });

  it('hands on lines with comments and excludes in their order', () => {
    const path = '# what we ship\n  dist/**  \r\n!dist/**/*.map\n\n..hidden/a..b';
    expect(readSelectionInputs(readerOf({ path }), WORKSPACE, false).patterns).toEqual([
      '# what we ship',
      'dist/**',
      '!dist/**/*.map',
      '..hidden/a..b',
    ]);
  });
});
