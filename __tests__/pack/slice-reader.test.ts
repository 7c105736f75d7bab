import { describe, expect, it } from '@jest/globals';
import { claimOf } from '../../src/pack/member-claim.ts';
import { decodeSlice, memberIn } from '../../src/pack/slice-reader.ts';
import { MAX_PAX_BYTES } from '../../src/pack/tar-reader.ts';
import { frame, frames, PackFixture, sha256 } from './pack-fixture.ts';

const KEY = 'data/x/packs/0001.tar.zst';

/** Two small members of one frame: the bytes of the slice, and what the index says of them. */
function small() {
  const pack = new PackFixture(KEY).add('a', 'first').add('ü', 'second').close();
  const claims = pack.entries.map((entry) => claimOf(entry, entry.slice ?? { offset: 0, bytes: 0, skip: 0 }, true));
  const bytes = pack.bytes().subarray(0, pack.entries[0]?.slice?.bytes);
  const [a, b] = claims;
  if (a === undefined || b === undefined) throw new Error('There are two.');
  return { bytes, a, b };
}

describe('decodeSlice and memberIn', () => {
  it('give the content of each member', () => {
    const { bytes, a, b } = small();
    const decoded = decodeSlice(bytes, [a, b]);
    expect([a, b].map((claim) => memberIn(decoded, claim).toString())).toEqual(['first', 'second']);
  });

  it('put the frames of a longer member together', () => {
    const content = Buffer.alloc(3000, 'long ');
    const pack = new PackFixture(KEY).add('long', content).close((bytes) => frames(bytes, 1000));
    const [entry] = pack.entries;
    if (entry?.slice === undefined) throw new Error('It is packed.');
    const claim = claimOf(entry, entry.slice, true);
    const decoded = decodeSlice(pack.bytes().subarray(0, entry.slice.bytes), [claim]);
    expect(memberIn(decoded, claim).equals(content)).toBe(true);
  });

  it('refuse what is cut, what is behind it, and what would only fill memory', () => {
    const { bytes, a } = small();
    expect(() => decodeSlice(bytes.subarray(0, -1), [a])).toThrow('it ends within a zstd frame');
    expect(() => decodeSlice(Buffer.concat([bytes, Buffer.from('more behind it')]), [a])).toThrow('there is none');
    const bomb = Buffer.concat([frame(Buffer.alloc(2 * MAX_PAX_BYTES)), frame(Buffer.alloc(1))]);
    expect(() => decodeSlice(bomb, [a])).toThrow('more frames than its content needs');
  });

  it('refuse a member that is elsewhere, shorter or another', () => {
    const { bytes, a, b } = small();
    const decoded = decodeSlice(bytes, [a]);
    expect(() => memberIn(decoded, { ...a, skip: b.skip })).toThrow('its name is "a"');
    expect(() => memberIn(decoded.subarray(0, b.skip - 512), b)).toThrow('no tar header');
    const { mode: _, mtime: __, ...shared } = a;
    expect(() => memberIn(decoded, { ...shared, sha256: sha256(Buffer.from('other')) })).toThrow('instead of');
    expect(() => memberIn(decoded.subarray(0, a.skip + 512 + 3), { ...a })).toThrow(
      /ends before its content does|no tar/,
    );
  });
});
