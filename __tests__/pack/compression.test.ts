import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { compressFrame, sampledOptions, sampleRatio } from '../../src/pack/compression.ts';
import { findFrame } from '../../src/pack/zstd-frame.ts';

const levelOf = ({ params }: ReturnType<typeof sampledOptions>) => params?.[constants.ZSTD_c_compressionLevel];

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
  expect(levelOf(sampledOptions(noise, 3))).toBeLessThan(0);
  expect(zstdCompressSync(noise, sampledOptions(noise, 3)).byteLength).toBeLessThan(MIB + 100);
  expect(levelOf(sampledOptions(text, 7))).toBe(7);
});

it('makes one whole frame also of what shrinks far less than its middle', () => {
  const half = MIB / 2;
  const deceptive = Buffer.concat([noise.subarray(0, half), text.subarray(0, half), noise.subarray(half)]);
  const frame = zstdCompressSync(deceptive, sampledOptions(deceptive, 3));
  expect(findFrame(frame, 2 * MIB)).toMatchObject({ kind: 'frame', bytes: frame.byteLength });
  expect(zstdDecompressSync(frame).equals(deceptive)).toBe(true);
});

it('judges by the middle, and nothing by itself', () => {
  expect(sampleRatio(text)).toBeLessThan(0.1);
  expect(sampleRatio(noise)).toBeGreaterThan(0.99);
  expect(sampleRatio(Buffer.alloc(0))).toBe(1);
  const hidden = Buffer.concat([text.subarray(0, MIB / 2), noise.subarray(0, 65_536), text.subarray(0, MIB / 2)]);
  expect(sampleRatio(hidden)).toBeGreaterThan(0.9);
});
