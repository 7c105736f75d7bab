import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteOrder, compareUtf8 } from '../src/byte-order.ts';

const wellFormed = fc.string({ unit: 'grapheme' });

describe('compareUtf8', () => {
  it('puts characters beyond U+FFFF behind those of the private use area, as UTF-8 does and UTF-16 does not', () => {
    const names = ['\u{1f600}', '\ue000', 'z', '\uffee', 'é', ''];
    expect(names.sort(compareUtf8)).toEqual(['', 'z', 'é', '\ue000', '\uffee', '\u{1f600}']);
  });

  it('orders as the bytes do', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('a', '/', '\ue000', '\u{10000}'), fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

it('byteOrder sorts as the bytes of UTF-8 do', () => {
  fc.assert(
    fc.property(wellFormed, wellFormed, (a, b) => {
      const byBytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      const [x, y] = [byteOrder(a), byteOrder(b)];
      expect(x < y ? -1 : x > y ? 1 : 0).toBe(byBytes);
    }),
  );
});
