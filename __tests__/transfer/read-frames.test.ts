import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PackProblem } from '../../src/pack/problem.ts';
import { type DecodedFrame, type FrameSink, readFrames } from '../../src/transfer/read-frames.ts';
import { RANGE_BYTES } from '../../src/transfer/read-object.ts';
import { frame, frames } from '../pack/pack-fixture.ts';
import { failure } from '../series/series-fixture.ts';
import { KEY, readingOf } from './read-context.ts';

const MIB = 2 ** 20;

async function read(bytes: Buffer, range = { start: 0, end: bytes.byteLength }, sink: Partial<FrameSink> = {}) {
  const reading = await readingOf(bytes);
  const found: DecodedFrame[] = [];
  const storedBytes: Buffer[] = [];
  await readFrames(
    { key: KEY, path: 'a', ...range },
    {
      onFrame: async (one) => void found.push(one),
      onStored: (piece) => void storedBytes.push(Buffer.from(piece)),
      ...sink,
    },
    reading.context,
  );
  return { reading, found, stored: Buffer.concat(storedBytes) };
}

describe('readFrames', () => {
  it('hands on what frames decode to, in order, with their places and all bytes as stored', async () => {
    // More than a range, so that frames lie across the border of two.
    const content = randomBytes(RANGE_BYTES + 2.5 * MIB);
    const bytes = frames(content);
    const { reading, found, stored } = await read(bytes);
    expect(Buffer.concat(found.map((one) => one.content)).equals(content)).toBe(true);
    expect(stored.equals(bytes)).toBe(true);
    let offset = 0;
    for (const one of found) {
      expect(one.offset).toBe(offset);
      offset += one.bytes;
    }
    expect(offset).toBe(bytes.byteLength);
    expect(reading.store.operations).toEqual(['get', 'get']);
    expect(reading.received).toBe(bytes.byteLength);
  });

  it('reads no more than its range', async () => {
    const pieces = ['first', 'second', 'third'].map((text) => frame(Buffer.from(text)));
    const start = pieces[0]?.byteLength ?? 0;
    const end = start + (pieces[1]?.byteLength ?? 0);
    const { found, reading } = await read(Buffer.concat(pieces), { start, end });
    expect(found.map(({ offset, content }) => [offset, content.toString()])).toEqual([[start, 'second']]);
    expect(reading.received).toBe(end - start);
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, -3), /ends within a zstd frame/],
    ['something behind', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('behind it')]), /there is none/],
    ['a wrong byte', (bytes: Buffer) => Buffer.from(bytes).fill(1, 30, 31), /cannot be decoded|there is none|block/],
  ])('takes for damage: %s', async (_, change, message) => {
    const bytes = change(frame(Buffer.from('some content that is long enough')));
    await expect(read(bytes)).rejects.toEqual(failure('permanent', message, { code: 'DAMAGED' }));
    await expect(read(bytes)).rejects.toThrow(/^The file "a" in the object "dist\/data\/object" is damaged/);
  });

  it('takes for damage what whoever reads it finds to be a problem, and nothing else', async () => {
    const bytes = frame(Buffer.from('content'));
    const fail = (error: Error) => read(bytes, undefined, { onFrame: () => Promise.reject(error) });
    await expect(fail(new PackProblem('not this one'))).rejects.toEqual(failure('permanent', /not this one/));
    await expect(fail(new Error('disk full'))).rejects.toThrow('disk full');
    const atEnd = () => {
      throw new PackProblem('too few');
    };
    await expect(read(bytes, undefined, { onEnd: atEnd })).rejects.toEqual(failure('permanent', /too few/));
  });
});
