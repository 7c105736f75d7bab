import { describe, expect, it } from '@jest/globals';
import { LineSplitter } from '../../../dev/runner/lines.ts';

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) {
    splitter.push(Buffer.from(chunk));
  }
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it.each([
    ['LF', ['a\nb\n'], ['a', 'b']],
    ['CR LF', ['a\r\nb\r\n'], ['a', 'b']],
    ['a lone CR', ['a\rb\r'], ['a', 'b']],
    ['CR LF in two chunks', ['a\r', '\nb'], ['a', 'b']],
    ['a CR at the end of a chunk', ['a\r', 'b'], ['a', 'b']],
    ['empty lines', ['\n\n', 'a\n'], ['', '', 'a']],
    ['no line break at the end', ['a\nb'], ['a', 'b']],
    ['lines in many chunks', ['a', 'b', '\nc', 'd'], ['ab', 'cd']],
    ['nothing', [], []],
  ])('cuts at %s', (_case, chunks, lines) => {
    expect(split(...chunks)).toEqual(lines);
  });

  it('does not cut at other separators of Unicode', () => {
    expect(split('a\u2028b\u0085c\n')).toEqual(['a\u2028b\u0085c']);
  });

  it('puts characters together that were cut in two', () => {
    const bytes = Buffer.from('日本\n');
    expect(split(bytes.subarray(0, 4), bytes.subarray(4))).toEqual(['日本']);
  });
});
