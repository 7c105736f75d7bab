import { describe, expect, it } from '@jest/globals';
import { LastLines } from '../../src/producer/last-lines.ts';

function linesOf(chunks: readonly (string | Buffer)[], conceal = (text: string) => text) {
  const seen: string[] = [];
  const lines = new LastLines(conceal, (line) => seen.push(line));
  for (const chunk of chunks) lines.push(Buffer.from(chunk));
  const live = [...seen];
  lines.end();
  return { live, seen, kept: lines.kept };
}

describe('LastLines', () => {
  it('hands on each line as soon as it is whole, however it comes, and the last one at the end', () => {
    const { live, seen } = linesOf(['fir', 'st\nsec', 'ond\r\n\n  \nthird']);
    expect(live).toEqual(['first', 'second']);
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  it('takes a bar that is drawn over itself for lines', () => {
    expect(linesOf(['10 %\r20 %\r']).live).toEqual(['10 %', '20 %']);
  });

  it('puts characters together that come in pieces', () => {
    const bytes = Buffer.from('naïve €\n');
    expect(linesOf([...bytes].map((byte) => Buffer.from([byte]))).live).toEqual(['naïve €']);
  });

  it('keeps the last ten, without secrets and not too long', () => {
    const all = Array.from({ length: 25 }, (_, index) => `${index} secret`);
    const { kept } = linesOf([`${all.join('\n')}\n${'x'.repeat(5000)}\n`], (text) => text.replace('secret', '***'));
    expect(kept).toEqual([...all.slice(-9).map((line) => line.replace('secret', '***')), 'x'.repeat(400)]);
  });

  it('drops what a line has too much of, so that one that never ends takes no memory', () => {
    const { seen } = linesOf(Array.from({ length: 100 }, () => 'x'.repeat(1000)));
    expect(seen).toEqual(['x'.repeat(4096)]);
  });
});
