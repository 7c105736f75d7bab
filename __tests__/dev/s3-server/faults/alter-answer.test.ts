import { describe, expect, it } from '@jest/globals';
import { alterAnswer } from '../../../../dev/s3-server/faults/alter-answer.ts';
import type { FaultAction } from '../../../../dev/s3-server/faults/script.ts';
import type { Answer } from '../../../../dev/s3-server/http/answer.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

const answer = (): Answer => ({ status: 200, headers: { 'content-length': '10' }, stream: inChunks('0123456789', 4) });

async function altered(action: FaultAction, source = answer()) {
  const { headers, stream } = alterAnswer(source, [{ name: 'f', when: 'before', action }]);
  let text = '';
  let broken = false;
  try {
    for await (const chunk of stream ?? []) text += Buffer.from(chunk).toString('latin1');
  } catch {
    broken = true;
  }
  return { text, broken, length: headers['content-length'] };
}

describe('alterAnswer', () => {
  it('cuts the body off and breaks', async () => {
    expect(await altered({ type: 'cutAnswer', afterBytes: 5 })).toEqual({ text: '01234', broken: true, length: '10' });
  });

  it('stops in the middle of the body', async () => {
    const stalled = await altered({ type: 'stallAnswer', afterBytes: 5 });
    expect(stalled).toEqual({ text: '01234', broken: true, length: '10' });
  });

  it('makes a shorter body look whole', async () => {
    expect(await altered({ type: 'truncate', afterBytes: 5 })).toEqual({ text: '01234', broken: false, length: '5' });
  });

  it('changes one byte', async () => {
    const { text, length } = await altered({ type: 'corrupt', atByte: 5 });
    expect(text).toBe(`01234${String.fromCharCode('5'.charCodeAt(0) ^ 0xff)}6789`);
    expect(length).toBe('10');
  });

  it('lies about the length', async () => {
    expect(await altered({ type: 'wrongLength', byBytes: 3 })).toEqual({
      text: '0123456789',
      broken: false,
      length: '13',
    });
  });

  it('does the same to a body in memory', async () => {
    const source: Answer = { status: 200, headers: {}, body: '0123456789' };
    expect(await altered({ type: 'truncate', afterBytes: 2 }, source)).toEqual({
      text: '01',
      broken: false,
      length: '2',
    });
  });

  it('leaves an answer alone that nothing was scripted for', () => {
    const untouched = answer();
    expect(alterAnswer(untouched, [])).toBe(untouched);
  });
});
