import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from '../../src/series/lines.ts';
import { asyncOf, failure } from './series-fixture.ts';

const anyLine = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ''));

/** Cuts bytes at any places, also inside a character and twice at the same. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const linesOf = (chunks: Iterable<string | Uint8Array>, maxBytes = 1000) =>
  Array.fromAsync(splitLines(asyncOf(Array.from(chunks, (chunk) => Buffer.from(chunk))), maxBytes, 'The index'));

describe('splitLines', () => {
  it('gives the lines back, however the bytes are cut', async () => {
    const lines = fc.array(anyLine);
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat()), async (expected, places) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        expect(await linesOf(cut(bytes, places))).toEqual(expected);
      }),
    );
  });

  it('finds none in nothing', async () => {
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf([''])).toEqual([]);
  });

  it('changes nothing in a line', async () => {
    expect(await linesOf(['\ufeffa\r\n\n \u2028\0\n'])).toEqual(['\ufeffa\r', '', ' \u2028\0']);
  });

  it.each([
    ['in one chunk', ['abc', 'de\nabcdef\n']],
    ['that ends in its own chunk', ['abcdef\n']],
    ['over several chunks', ['ab', 'cd', 'ef', '\n']],
    ['that never ends', ['abcdef']],
  ])('refuses a line longer than the limit %s', async (_what, chunks) => {
    await expect(linesOf(chunks, 5)).rejects.toEqual(
      failure('permanent', 'The index cannot be read: a line has more than 5 bytes.'),
    );
  });

  it('takes a line of exactly the limit', async () => {
    expect(await linesOf(['abc', 'de\nfgh', 'ij\n'], 5)).toEqual(['abcde', 'fghij']);
  });

  it('stops reading a line without end soon after the limit', async () => {
    let chunks = 0;
    async function* endless() {
      for (; ; chunks++) yield Buffer.alloc(10, 'x');
    }
    await expect(Array.fromAsync(splitLines(endless(), 100, 'The index'))).rejects.toThrow('more than 100 bytes');
    expect(chunks).toBe(10);
  });

  it.each([
    ['a last line without its newline', ['a\nb'], 'its last line is cut off'],
    ['a byte that UTF-8 never has', [Buffer.from('a\xff\n', 'latin1')], 'a line is not UTF-8'],
    ['a character cut in two by the newline', [Buffer.from('é').subarray(0, 1), '\n'], 'a line is not UTF-8'],
  ])('refuses %s', async (_what, chunks, problem) => {
    await expect(linesOf(chunks)).rejects.toEqual(failure('permanent', `The index cannot be read: ${problem}.`));
  });

  it('delivers the lines before a broken one', async () => {
    const lines = splitLines(asyncOf([Buffer.from('good\n\xff\n', 'latin1')]), 100, 'The index');
    expect(await lines.next()).toEqual({ done: false, value: 'good' });
    await expect(lines.next()).rejects.toThrow('a line is not UTF-8');
  });
});
