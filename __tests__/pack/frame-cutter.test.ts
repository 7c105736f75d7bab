import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameCutter, type PlacedFrame } from '../../src/pack/frame-cutter.ts';
import { frame } from './pack-fixture.ts';

/** Frames, and places to cut them at. */
const anyCut = fc.record({
  contents: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
  cuts: fc.array(fc.nat({ max: 2000 }), { maxLength: 12 }),
});

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.byteLength + 1)), bytes.byteLength].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

/** As a reader feeds it: the memory of a piece is used again once it has been cut. */
function cutAll(pieces: readonly Buffer[]): PlacedFrame[] {
  const cutter = new FrameCutter();
  const found = pieces.flatMap((piece) => {
    const memory = Buffer.from(piece);
    const frames = [...cutter.cut(memory)].map((one) => ({ ...one, bytes: Buffer.from(one.bytes) }));
    memory.fill(0xff);
    return frames;
  });
  cutter.finish();
  return found;
}

describe('FrameCutter', () => {
  it('finds the same frames at the same places, however the bytes come', () => {
    fc.assert(
      fc.property(anyCut, ({ contents, cuts }) => {
        const frames = contents.map((content) => frame(content));
        let offset = 0;
        const expected = frames.map((bytes, index) => {
          const placed = { offset, bytes, content: contents[index]?.byteLength };
          offset += bytes.byteLength;
          return placed;
        });
        expect(cutAll(cutAt(Buffer.concat(frames), cuts))).toEqual(expected);
      }),
    );
  });

  it('finds frames of mebibytes that begin in one piece and end in another', () => {
    const contents = [randomBytes(3_000_000), randomBytes(10), randomBytes(2_500_000), randomBytes(1_100_000)];
    const frames = contents.map((content) => frame(content));
    const places = [[1], [2_999_999], [3_000_100, 3_000_200], [1_000_000, 2_000_000, 4_000_000, 6_500_000]];
    for (const cuts of places) {
      const found = cutAll(cutAt(Buffer.concat(frames), cuts));
      expect(found.map(({ bytes }, index) => frames[index]?.equals(bytes))).toEqual(contents.map(() => true));
    }
  });

  it('refuses bytes that end within a frame, and those that are none', () => {
    const whole = frame(Buffer.from('content'));
    for (let length = 1; length < whole.byteLength; length++) {
      expect(() => cutAll([whole.subarray(0, length)])).toThrow('it ends within a zstd frame');
    }
    expect(() => cutAll([whole, Buffer.from('behind')])).toThrow('there is none');
  });
});
