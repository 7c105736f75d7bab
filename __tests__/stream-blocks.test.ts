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
});
