import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PackedReference, packedEntries, packedReferenceOf } from '../../src/verification/packed-references.ts';
import { asyncOf, fileEntry } from '../series/series-fixture.ts';

const slice = (offset: number, skip = 0) => ({ offset, bytes: 10, skip });

function reference(pack: string, path: string, version: string, place = slice(0), isOwn = false): PackedReference {
  return packedReferenceOf(fileEntry(path, { key: pack, slice: place }), place, version, isOwn);
}

const gather = (references: readonly PackedReference[]) =>
  Array.fromAsync(packedEntries(asyncOf(references.toSorted((a, b) => (a.key < b.key ? -1 : 1)))));

describe('packedReferenceOf', () => {
  it('sorts by pack, then by place, then by path', () => {
    const anyReference = fc.record({
      pack: fc.constantFrom('p1', 'p2', 'p1/x', 'ü'),
      offset: fc.nat(),
      skip: fc.nat(),
      path: fc.string({ unit: 'grapheme', minLength: 1 }),
    });
    const bytes = (text: string) => Buffer.from(text);
    fc.assert(
      fc.property(anyReference, anyReference, (a, b) => {
        const keyOf = ({ pack, path, offset, skip }: typeof a) => reference(pack, path, 'v', slice(offset, skip)).key;
        const order =
          bytes(a.pack).compare(bytes(b.pack)) ||
          a.offset - b.offset ||
          a.skip - b.skip ||
          bytes(a.path).compare(bytes(b.path));
        expect(Math.sign(order)).toBe(keyOf(a) < keyOf(b) ? -1 : keyOf(a) === keyOf(b) ? 0 : 1);
      }),
    );
  });
});

describe('packedEntries', () => {
  it('puts the same entry of several versions together', async () => {
    const entries = await gather([
      reference('p', 'a', 'v2'),
      reference('p', 'a', 'v1'),
      reference('p', 'b', 'v1'),
      reference('q', 'a', 'v1'),
    ]);
    expect(entries.map(({ path, versions }) => [path, versions])).toEqual([
      ['a', ['v1', 'v2']],
      ['b', ['v1']],
      ['a', ['v1']],
    ]);
  });

  it('keeps apart what versions say differently of one path', async () => {
    // Only the version that wrote the member asks for its mode and time.
    const entries = await gather([
      reference('p', 'a', 'v1', slice(0), true),
      reference('p', 'a', 'v2'),
      reference('p', 'a', 'v3', slice(0, 512)),
    ]);
    expect(entries.map(({ versions, claim }) => [versions, 'mode' in claim, claim.skip])).toEqual([
      [['v1'], true, 0],
      [['v2'], false, 0],
      [['v3'], false, 512],
    ]);
    expect(await gather([])).toEqual([]);
  });
});
