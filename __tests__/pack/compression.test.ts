import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { compressFrame, levelFor, sampleRatio } from '../../src/pack/compression.ts';
import { findFrame } from '../../src/pack/zstd-frame.ts';

const MIB = 2 ** 20;
const noise = randomBytes(MIB);
const text = Buffer.alloc(MIB, 'the same line, again and again\n');

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', text],
  ['noise', noise],
])('makes one frame of %s, with its size and a checksum', (_, bytes) => {
  const frame = compressFrame(bytes, 3);
  expect(findFrame(frame, 2 * MIB)).toEqual({ kind: 'frame', bytes: frame.byteLength, content: bytes.byteLength });
  expect(zstdDecompressSync(frame).equals(bytes)).toBe(true);
});

it('stores what does not shrink, in next to no more bytes, and squeezes what does', () => {
  expect(levelFor(noise, 3)).toBeLessThan(0);
  expect(compressFrame(noise, levelFor(noise, 3)).byteLength).toBeLessThan(MIB + 100);
  expect(levelFor(text, 7)).toBe(7);
});

it('judges by the middle, and nothing by itself', () => {
  expect(sampleRatio(text)).toBeLessThan(0.1);
  expect(sampleRatio(noise)).toBeGreaterThan(0.99);
  expect(sampleRatio(Buffer.alloc(0))).toBe(1);
  const hidden = Buffer.concat([text.subarray(0, MIB / 2), noise.subarray(0, 65_536), text.subarray(0, MIB / 2)]);
  expect(sampleRatio(hidden)).toBeGreaterThan(0.9);
});
