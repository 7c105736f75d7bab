import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteOrder } from '../../src/byte-order.ts';
import { expectedObjects, type Reference, referenceOf } from '../../src/verification/references.ts';
import { asyncOf, fileEntry } from '../series/series-fixture.ts';

const wellFormed = fc.string({ unit: 'grapheme' });

function gather(references: readonly Reference[]) {
  const sorted = references.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return Array.fromAsync(expectedObjects(asyncOf(sorted)));
}

const reference = (key: string, path: string, version: string, fields = {}) =>
  referenceOf(fileEntry(path, { key, ...fields }), version);

describe('expectedObjects', () => {
  it('names the entries and the versions of each object, in the order of its key', async () => {
    const objects = await gather([
      reference('data/2/files/ü', 'ü', 'v2'),
      reference('data/1/files/a', 'a', 'v1'),
      reference('data/1/files/a', 'moved', 'v2'),
      reference('data/1/files/a', 'a', 'v2'),
    ]);
    expect(objects).toEqual([
      expect.objectContaining({
        key: 'data/1/files/a',
        isRepeated: false,
        entries: [
          { path: 'a', versions: ['v1', 'v2'] },
          { path: 'moved', versions: ['v2'] },
        ],
      }),
      expect.objectContaining({ key: 'data/2/files/ü', entries: [{ path: 'ü', versions: ['v2'] }] }),
    ]);
  });

  it('keeps descriptions apart that differ', async () => {
    const objects = await gather([
      reference('k', 'a', 'v1', { size: 1 }),
      reference('k', 'b', 'v1', { size: 2 }),
      reference('k', 'c', 'v1', { size: 2, sha256: '1'.repeat(64) }),
      reference('k', 'd', 'v1', { size: 2, sha256: '1'.repeat(64), receipt: { etag: 'e' } }),
    ]);
    expect(objects.map(({ size, isRepeated }) => [size, isRepeated])).toEqual([
      [1, false],
      [2, true],
      [2, true],
      [2, true],
    ]);
    expect(objects.at(-1)?.receipt).toEqual({ etag: 'e' });
  });

  it('adds up the files of all versions that an object stands for', async () => {
    const slice = { offset: 0, bytes: 9, skip: 0 };
    const pack = { key: 'p', bytes: 9, sha256: '0'.repeat(64) };
    const packed = ['a', 'b'].map((path) => referenceOf(fileEntry(path, { key: 'p', slice, size: 100 }), 'v1', pack));
    const [loose, ofPack] = await gather([
      reference('k', 'a', 'v1', { size: 3 }),
      reference('k', 'a', 'v2', { size: 3 }),
      ...packed,
    ]);
    expect(loose).toMatchObject({ size: 3, amount: { files: 2, bytes: 6 } });
    expect(ofPack).toMatchObject({ size: 9, amount: { files: 2, bytes: 200 } });
  });

  it('holds no more entries of one object than memory should', async () => {
    const paths = Array.from({ length: 2500 }, (_, index) => `path ${index}`);
    const objects = await gather(paths.map((path) => reference('k', path, 'v1')));
    expect(objects.map(({ entries, isRepeated }) => [entries.length, isRepeated])).toEqual([
      [1000, false],
      [1000, true],
      [500, true],
    ]);
    expect(new Set(objects.flatMap(({ entries }) => entries.map(({ path }) => path)))).toEqual(new Set(paths));
  });

  it('loses no reference, whatever keys and paths are', () => {
    const item = fc.record({
      key: wellFormed,
      path: fc.string({ unit: 'binary' }),
      version: fc.constantFrom('v1', 'v2'),
    });
    return fc.assert(
      fc.asyncProperty(fc.array(item), async (items) => {
        const usable = items.map(({ key, ...rest }) => ({ ...rest, key: `k${key.replaceAll('\0', '')}` }));
        const objects = await gather(usable.map(({ key, path, version }) => reference(key, path, version)));
        const found = objects.flatMap(({ key, entries }) =>
          entries.flatMap(({ path, versions }) => versions.map((version) => ({ key, path, version }))),
        );
        const sorted = (list: readonly object[]) =>
          list.map((one) => JSON.stringify(one, ['key', 'path', 'version'])).sort();
        expect(sorted(found)).toEqual(sorted(usable));
        expect(objects.map(({ order }) => order)).toEqual(objects.map(({ key }) => byteOrder(key)).sort());
      }),
    );
  });
});
