import { describe, expect, it } from '@jest/globals';
import { decodeFrame, decodeFrameSync, type Frame, MAX_DECODED_BYTES } from '../../src/pack/decode-frame.ts';
import { PackProblem } from '../../src/pack/problem.ts';
import { findFrame } from '../../src/pack/zstd-frame.ts';
import { frame } from './pack-fixture.ts';

/** As a reader finds it. */
function found(bytes: Buffer): Frame | undefined {
  const result = findFrame(bytes, bytes.byteLength);
  return result.kind === 'frame' ? { bytes, content: result.content } : undefined;
}

const bothWays = [
  ['at once', async (one: Frame) => decodeFrameSync(one)],
  ['on a thread', decodeFrame],
] as const;

describe.each(bothWays)('a frame, decoded %s', (_, decode) => {
  const known = (bytes: Buffer) => found(bytes) ?? { bytes, content: 0 };

  it('gives what was put in, none and very much too', async () => {
    for (const content of [Buffer.alloc(0), Buffer.from('some'), Buffer.alloc(MAX_DECODED_BYTES, 'abc')]) {
      expect((await decode(known(frame(content)))).equals(content)).toBe(true);
    }
  });

  it('is refused before it is decoded where it says that it is too large', async () => {
    const bomb = known(frame(Buffer.alloc(MAX_DECODED_BYTES + 1)));
    await expect(decode(bomb)).rejects.toThrow(
      new PackProblem('a frame says that it decodes to 8388609 bytes, and 8388608 are allowed'),
    );
  });

  it('is refused where it says something else', async () => {
    const bomb = { ...known(frame(Buffer.alloc(MAX_DECODED_BYTES + 1))), content: 100 };
    await expect(decode(bomb)).rejects.toThrow(/^a frame cannot be decoded \(/);
  });

  it('is refused with any bit flipped', async () => {
    const bytes = frame(Buffer.from('every bit of this counts, and of that'));
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const one = found(flipped);
      if (one !== undefined) await expect(decode(one)).rejects.toBeInstanceOf(PackProblem);
    }
  });
});
