import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FoundMember, PackWalk } from '../../src/pack/pack-walk.ts';
import { END_BYTES, paddingOf, type TarMember } from '../../src/pack/tar-format.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import { sha256 } from './pack-fixture.ts';
import { file } from './support/members.ts';

const link: TarMember = { ...file('link'), type: 'symlink', target: 'a' };

function tarOf(members: readonly { readonly member: TarMember; readonly content: Uint8Array }[]): Buffer {
  const pieces = members.flatMap(({ member, content }) => [
    encodeHeader(member),
    content,
    Buffer.alloc(paddingOf(content.byteLength)),
  ]);
  return Buffer.concat([...pieces, Buffer.alloc(END_BYTES)]);
}

/** Each frame is stored in a tenth of its length, say. */
function walk(contents: readonly Buffer[]): FoundMember[] {
  const walker = new PackWalk();
  let offset = 0;
  const found = contents.flatMap((content) => {
    const frame = { offset, bytes: Math.ceil(content.byteLength / 10), content };
    offset += frame.bytes;
    return [...walker.take(frame)];
  });
  walker.finish();
  return found;
}

function cut(bytes: Buffer, frameBytes: number): Buffer[] {
  const count = Math.ceil(bytes.byteLength / frameBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * frameBytes, (index + 1) * frameBytes));
}

const anyMembers = fc
  .array(fc.uint8Array({ maxLength: 1200 }), { maxLength: 5 })
  .map((contents) => contents.map((content, at) => ({ member: file(`é${at}`, content.byteLength), content })));

describe('PackWalk', () => {
  it('finds every member with its digest and its place, wherever frames begin', () => {
    fc.assert(
      fc.property(anyMembers, fc.integer({ min: 10, max: 5000 }), (members, frameBytes) => {
        const found = walk(cut(tarOf(members), frameBytes));
        expect(found.map(({ member, sha256: digest }) => [member, digest])).toEqual(
          members.map(({ member, content }) => [member, sha256(content)]),
        );
        const stored = Math.ceil(frameBytes / 10);
        let start = 0;
        for (const [index, { offset, bytes, skip }] of found.entries()) {
          const { member, content } = members[index] ?? { member: link, content: Buffer.alloc(0) };
          const end = start + encodeHeader(member).byteLength + content.byteLength;
          expect({ offset, skip }).toEqual({
            offset: Math.floor(start / frameBytes) * stored,
            skip: start % frameBytes,
          });
          const frames = Math.ceil(end / frameBytes) - Math.floor(start / frameBytes);
          expect(bytes).toBeLessThanOrEqual(frames * stored);
          expect(bytes).toBeGreaterThan((frames - 1) * stored);
          start = end + paddingOf(content.byteLength);
        }
      }),
    );
  });

  const a = { member: file('a', 3), content: Buffer.from('abc') };

  it('passes links, which have no content', () => {
    const found = walk([tarOf([{ member: link, content: Buffer.alloc(0) }, a])]);
    expect(found.map(({ member }) => member.path)).toEqual(['link', 'a']);
  });

  it('refuses an archive that does not end as one does', () => {
    const tar = tarOf([a]);
    for (const length of [0, 300, 512, tar.byteLength - 600, tar.byteLength - 1]) {
      expect(() => walk([tar.subarray(0, length)])).toThrow('it ends before the two blocks of zeros');
    }
  });

  it.each([
    ['padding', -END_BYTES - 1],
    ['end', -END_BYTES + 700],
    ['last byte', -1],
  ])('refuses a byte in the %s', (_, place) => {
    const tar = tarOf([a]);
    tar.writeUInt8(1, tar.byteLength + place);
    expect(() => walk(cut(tar, 512))).toThrow('only zeros should be');
  });

  it('refuses what begins as no header does', () => {
    expect(() => walk([Buffer.alloc(512, 'x')])).toThrow('not in the ustar format');
  });
});
