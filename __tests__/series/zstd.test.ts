import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compress, decompress } from '../../src/series/zstd.ts';
import { asyncOf, bytesOf } from './series-fixture.ts';

/** RFC 8878, 3.1.1: magic number, then the frame header's descriptor, whose bit 2 is the content checksum flag. */
const MAGIC = '28b52ffd';
const CHECKSUM_FLAG = 0b100;

const compressed = (...chunks: (string | Uint8Array)[]) => bytesOf(compress(asyncOf(chunks)));
const decompressed = (...chunks: Uint8Array[]) => bytesOf(decompress(asyncOf(chunks)));

const TEXT = Buffer.from(Array.from({ length: 500 }, (_, line) => `{"path":"dist/${line * 7919}.js"}\n`).join(''));

describe('compress and decompress', () => {
  it('undo each other, whatever the chunks', async () => {
    const chunks = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 1000 })));
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 100 }), async (plain, size) => {
        const packed = await compressed(...plain);
        const pieces = Array.from({ length: Math.ceil(packed.length / size) }, (_, index) =>
          packed.subarray(index * size, (index + 1) * size),
        );
        expect(await decompressed(...pieces)).toEqual(Buffer.concat(plain.map((chunk) => Buffer.from(chunk))));
      }),
    );
  });

  it('carry more than their buffers hold', async () => {
    const block = Buffer.alloc(1024 * 1024, TEXT);
    const plain = Array.from({ length: 8 }, () => block);
    expect(Buffer.concat(plain).equals(await decompressed(await compressed(...plain)))).toBe(true);
  });
});

describe('compress', () => {
  it.each([
    ['nothing', []],
    ['one chunk', [TEXT]],
    ['many chunks', TEXT.toString().split(/(?<=\n)/)],
  ])('puts the whole of %s into the first frame, with a checksum', async (_what, chunks) => {
    const packed = await compressed(...chunks);
    const second = packed.indexOf(MAGIC, 1, 'hex');
    const first = second === -1 ? packed : packed.subarray(0, second);
    expect(first.subarray(0, 4).toString('hex')).toBe(MAGIC);
    expect(first.readUInt8(4) & CHECKSUM_FLAG).toBe(CHECKSUM_FLAG);
    expect(await decompressed(first)).toEqual(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))));
  });

  it('hands an error of its source to the reader', async () => {
    async function* failing() {
      yield TEXT;
      throw new Error('disk full');
    }
    await expect(bytesOf(compress(failing()))).rejects.toThrow('disk full');
  });

  it('ends its source when the reader leaves', async () => {
    const left = Promise.withResolvers<string>();
    async function* endless() {
      try {
        for (let line = 0; ; line++) yield `${line} ${Math.imul(line, 0x9e3779b1)}\n`.repeat(1000);
      } finally {
        left.resolve('left');
      }
    }
    for await (const _chunk of compress(endless())) break;
    await expect(left.promise).resolves.toBe('left');
  });
});

describe('decompress', () => {
  it('refuses a frame that is cut off anywhere', async () => {
    const packed = await compressed(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), async (length) => {
        await expect(decompressed(packed.subarray(0, length))).rejects.toThrow('unexpected end of file');
      }),
    );
  });

  it('never gives other text for a frame with a flipped bit', async () => {
    const packed = await compressed(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(7), async (position, bit) => {
        const damaged = Buffer.from(packed);
        damaged[position] = damaged.readUInt8(position) ^ (1 << bit);
        const found = await decompressed(damaged).catch(() => 'refused');
        expect(found === 'refused' || TEXT.equals(Buffer.from(found))).toBe(true);
      }),
    );
  });

  it('finds a flipped bit of the content by the checksum alone', async () => {
    const packed = await compressed('a short line that zstd stores as it is');
    const at = packed.indexOf('short');
    packed.write('S', at);
    await expect(decompressed(packed)).rejects.toThrow(/checksum/);
  });

  it('refuses what is no zstd', async () => {
    await expect(decompressed(TEXT)).rejects.toThrow();
  });

  it('hands an error of its source to the reader', async () => {
    async function* failing() {
      yield (await compressed(TEXT)).subarray(0, 50);
      throw new Error('connection reset');
    }
    await expect(bytesOf(decompress(failing()))).rejects.toThrow('connection reset');
  });
});
