import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blocksOf } from '../src/stream-blocks.ts';
import { asyncOf } from './series/series-fixture.ts';

describe('blocksOf', () => {
  it('cuts any stream into blocks of one size, the last of which may be shorter and is never empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20 })),
        fc.integer({ min: 1, max: 9 }),
        async (chunks, size) => {
          const blocks = await Array.fromAsync(blocksOf(asyncOf(chunks), size));
          expect(Buffer.concat(blocks)).toEqual(Buffer.concat(chunks));
          expect(blocks.slice(0, -1).every(({ byteLength }) => byteLength === size)).toBe(true);
          expect(blocks.every(({ byteLength }) => byteLength > 0 && byteLength <= size)).toBe(true);
        },
      ),
    );
  });

  it.each([1, 300_000, 2 ** 20, 3 * 2 ** 20 + 1])('cuts %i bytes into blocks of a MiB and more', async (bytes) => {
    const whole = randomBytes(bytes);
    const size = 2 ** 20 + 5;
    const chunks = Array.from({ length: Math.ceil(bytes / 70_001) }, (_, n) =>
      whole.subarray(n * 70_001, (n + 1) * 70_001),
    );
    const blocks = await Array.fromAsync(blocksOf(asyncOf(chunks), size));
    expect(Buffer.concat(blocks).equals(whole)).toBe(true);
    expect(blocks.slice(0, -1).every(({ byteLength }) => byteLength === size)).toBe(true);
  });
});
