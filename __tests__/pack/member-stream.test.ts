import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MemberClaim } from '../../src/pack/member-claim.ts';
import { MemberStream } from '../../src/pack/member-stream.ts';
import { paddingOf } from '../../src/pack/tar-format.ts';
import { encodeHeader } from '../../src/pack/tar-writer.ts';
import { sha256 } from './pack-fixture.ts';
import { file } from './support/members.ts';

const NAME = 'größer als ein Rahmen';

/** What the frames of a slice decode to: something before it, the member, its padding. */
function sliceOf(content: Uint8Array, skip: number): { readonly bytes: Buffer; readonly claim: MemberClaim } {
  const { byteLength: size } = content;
  const bytes = Buffer.concat([
    Buffer.alloc(skip, 'x'),
    encodeHeader(file(NAME, size)),
    content,
    Buffer.alloc(paddingOf(size)),
  ]);
  return { bytes, claim: { name: NAME, size, sha256: sha256(content), skip } };
}

function stream(claim: MemberClaim, frames: readonly Buffer[]): Buffer {
  const member = new MemberStream(claim);
  const content = Buffer.concat(frames.map((one) => Buffer.from(member.take(one))));
  member.finish();
  return content;
}

const content = Buffer.from('the content of a member');
const { bytes, claim } = sliceOf(content, 3);

describe('MemberStream', () => {
  it('gives the content of a member and nothing else, wherever frames begin', () => {
    const anyPieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), fc.nat({ max: 700 }), anyPieces, (wanted, skip, lengths) => {
        const slice = sliceOf(wanted, skip);
        // Its last frame is the one in which the content ends.
        const frames: Buffer[] = [];
        const end = slice.bytes.byteLength - paddingOf(wanted.byteLength);
        for (let at = 0, turn = 0; at < end; turn++) {
          const length = lengths[turn % lengths.length] ?? 1;
          frames.push(slice.bytes.subarray(at, at + length));
          at += length;
        }
        expect(stream(slice.claim, frames).equals(wanted)).toBe(true);
      }),
    );
  });

  it('refuses a slice that ends too early or goes on behind its content', () => {
    for (const length of [0, 2, 100, bytes.byteLength - paddingOf(content.byteLength) - 1]) {
      expect(() => stream(claim, [bytes.subarray(0, length)])).toThrow('its slice ends before its content does');
    }
    expect(() => stream(claim, [bytes, Buffer.from('more')])).toThrow('more frames than its content needs');
  });

  it('refuses another content, and gives none of it under another name', () => {
    const other = { ...claim, sha256: sha256(Buffer.from('other')) };
    expect(() => stream(other, [bytes])).toThrow(/its content has SHA-256 [0-9a-f]{64} instead of /);
    const member = new MemberStream({ ...claim, name: 'another' });
    expect(() => member.take(bytes)).toThrow('its name is "another"');
  });
});
