import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEntry } from '../../src/series/entry-line.ts';
import { isPlainFile } from '../../src/series/plain-file.ts';

const SHA256 = 'ab'.repeat(32);
const SLICE = { offset: 0, bytes: 10, skip: 512 };
const LOOSE = {
  path: 'a/b',
  type: 'file',
  mode: '0644',
  mtime: '2026-11-22T08:00:00Z',
  size: 5,
  sha256: SHA256,
  key: 'data/x/files/a/b',
};

/** What stands in a field: things like what belongs there, and things that do not. */
const anything = fc.oneof(
  fc.constantFrom<unknown>('', 'file', 'directory', '0644', '0844', '644', SHA256, `${SHA256}0`, null, true, [], {}),
  fc.constantFrom<unknown>(0, -0, 1, -1, 1.5, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, 1e300),
  fc.constantFrom<unknown>(SLICE, { ...SLICE, member: 'm' }, { ...SLICE, bytes: 0 }, { ...SLICE, other: 1 }, [SLICE]),
);
const changes = fc.dictionary(
  fc.constantFrom('path', 'type', 'mode', 'mtime', 'size', 'sha256', 'key', 'slice', 'receipt', 'stored', 'else'),
  anything,
  { maxKeys: 2 },
);

describe('a plain line of an index', () => {
  it.each<[string, object]>([
    ['a file of its own', LOOSE],
    ['a file in a pack', { ...LOOSE, slice: SLICE }],
    ['a file in a pack under the name of another', { ...LOOSE, slice: { ...SLICE, member: 'other' } }],
  ])('is that of %s', (_, value) => {
    expect(isPlainFile(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a file with a receipt', { ...LOOSE, receipt: { etag: 'x' } }],
    ['a directory', { path: 'a', type: 'directory', mtime: LOOSE.mtime, mode: '0755' }],
    ['a field too few', (({ key: _key, ...rest }) => rest)(LOOSE)],
    ['a field too many', { ...LOOSE, other: 1 }],
    ['fields in another order', Object.fromEntries(Object.entries(LOOSE).reverse())],
    ['no object', [LOOSE]],
    ['nothing', undefined],
  ])('is not that of %s', (_, value) => {
    expect(isPlainFile(value)).toBe(false);
  });

  it('is read as the schema reads it', () => {
    fc.assert(
      fc.property(fc.constantFrom<object>(LOOSE, { ...LOOSE, slice: SLICE }), changes, (base, changed) => {
        const value: unknown = JSON.parse(JSON.stringify({ ...base, ...changed }));
        // A field of no meaning, which every newer tool may add, leaves the line to the schema, which drops it.
        const bySchema = () => parseEntry(JSON.stringify({ ...(value as object), unknown: 1 }), 'index');
        if (isPlainFile(value)) expect(bySchema()).toEqual(value);
      }),
      { numRuns: 2_000 },
    );
  });
});
