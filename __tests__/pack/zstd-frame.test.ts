import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findFrame } from '../../src/pack/zstd-frame.ts';

const MAX_BYTES = 4 * 2 ** 20;

function compressed(content: Uint8Array, level = 3, checksum = 1): Buffer {
  return zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: checksum },
    pledgedSrcSize: content.byteLength,
  });
}

/** Of any kind that makes blocks raw, run-length encoded and compressed, of one block and of many. */
const anyContent = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.tuple(fc.nat({ max: 500_000 }), fc.nat({ max: 255 })).map(([length, byte]) => Buffer.alloc(length, byte)),
  fc.tuple(fc.nat({ max: 500_000 }), fc.string({ minLength: 1 })).map(([length, text]) => Buffer.alloc(length, text)),
  fc.tuple(fc.nat({ max: 300_000 }), fc.nat()).map(([length, seed]) => noise(length, seed)),
);

function noise(length: number, seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

describe('findFrame', () => {
  it('finds the end of what Node writes, whatever follows', () => {
    fc.assert(
      fc.property(
        anyContent,
        fc.constantFrom(-5, 1, 3, 9),
        fc.uint8Array({ maxLength: 50 }),
        (content, level, rest) => {
          const frame = compressed(content, level);
          expect(findFrame(Buffer.concat([frame, rest]), MAX_BYTES)).toEqual({
            kind: 'frame',
            bytes: frame.byteLength,
            content: content.byteLength,
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('asks, step by step, for exactly the bytes of the frame', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const frame = compressed(content);
        let held = 0;
        for (let steps = 0; steps < 100; steps++) {
          const found = findFrame(frame.subarray(0, held), MAX_BYTES);
          if (found.kind === 'frame') return expect(held).toBe(frame.byteLength);
          if (found.kind === 'bad') throw new Error(found.problem);
          expect(found.needs).toBeGreaterThan(held);
          held = found.needs;
        }
        throw new Error('it does not end');
      }),
      { numRuns: 40 },
    );
  });

  it('does not fail on any bytes and asks for no more than it may', () => {
    const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, frame) => {
        const found = findFrame(frame ? Buffer.concat([magic, bytes]) : bytes, 1000);
        if (found.kind === 'short') expect(found.needs).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['no frame', Buffer.from('hello world'), 'there is none'],
    ['a skippable frame', Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]), 'there is none'],
    ['a frame without a checksum', compressed(Buffer.from('abc'), 3, 0), 'no checksum'],
    ['a frame without its size', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b100, 0x20, 1, 0, 0]), 'what it decodes to'],
    ['a frame that needs a dictionary', flagged(0b01), 'dictionary'],
    ['a reserved bit', flagged(0b1000), 'reserved'],
    ['the unused bit', flagged(0b1_0000), 'reserved'],
    ['a frame longer than allowed', compressed(noise(2000, 1)), 'longer than 1000 bytes'],
    ['a reserved block', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b10_0100, 0, 0b110, 0, 0]), 'a block'],
    ['empty blocks without end', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0b10_0100, 0, 0, 0, 0]), 'empty'],
  ])('refuses %s', (_, bytes, problem) => {
    expect(findFrame(bytes, 1000)).toEqual({ kind: 'bad', problem: expect.stringContaining(problem) });
  });

  function flagged(bit: number): Buffer {
    const frame = compressed(Buffer.from('abc'));
    frame.writeUInt8(frame.readUInt8(4) | bit, 4);
    return frame;
  }
});
