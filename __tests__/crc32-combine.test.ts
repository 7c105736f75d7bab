import { crc32 } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combineCrc32 } from '../src/crc32-combine.ts';

it('is the CRC-32 of both together', () => {
  const bytes = fc.uint8Array({ maxLength: 5000 });
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const both = crc32(Buffer.concat([first, second]));
      expect(combineCrc32(crc32(first), crc32(second), second.byteLength)).toBe(both);
    }),
  );
});

it('takes nothing for nothing, and parts of any size', () => {
  expect(combineCrc32(0x12345678, 0, 0)).toBe(0x12345678);
  const zeros = Buffer.alloc(2 ** 26);
  expect(combineCrc32(crc32(Buffer.from('a')), crc32(zeros), zeros.byteLength)).toBe(
    crc32(zeros, crc32(Buffer.from('a'))),
  );
});
