import { describe, expect, it } from '@jest/globals';
import { Lanes } from '../../src/transfer/lanes.ts';
import { growingBuffers, leasedBuffers, reservedBuffers } from '../../src/transfer/part-buffers.ts';
import { settled } from './gate.ts';

const SIZE = 100;
const lanesFor = (parts: number) => new Lanes(1, SIZE, parts * SIZE);

describe('reservedBuffers', () => {
  it('fill without waiting for the lanes, and count as theirs only on their way', async () => {
    const lanes = lanesFor(1);
    const buffers = reservedBuffers(lanes, SIZE);
    const other = await lanes.lease(SIZE);
    const buffer = await buffers.take();
    expect(buffer.bytes).toHaveLength(SIZE);
    const done: string[] = [];
    const { begun, sent } = buffer.send(async () => void done.push('sent'));
    begun.then(() => done.push('begun'));
    await settled();
    expect(done).toEqual([]);
    other.release();
    await sent;
    expect(done.toSorted()).toEqual(['begun', 'sent']);
  });

  it('are used again once they are sent, and not after a failure, when somebody may still read them', async () => {
    const buffers = reservedBuffers(lanesFor(2), SIZE);
    const first = await buffers.take();
    await first.send(async () => {}).sent;
    const again = await buffers.take();
    expect(again.bytes).toBe(first.bytes);
    await expect(again.send(() => Promise.reject(new Error('broken'))).sent).rejects.toThrow('broken');
    expect((await buffers.take()).bytes).not.toBe(first.bytes);
  });
});

describe('leasedBuffers', () => {
  it('wait for memory of the lanes, which comes back with what is sent or dropped', async () => {
    const buffers = leasedBuffers(lanesFor(1), SIZE);
    const first = await buffers.take();
    const taken: string[] = [];
    const second = buffers.take().then((buffer) => {
      taken.push('second');
      return buffer;
    });
    await settled();
    expect(taken).toEqual([]);
    await first.send(async () => {}).sent;
    const third = buffers.take();
    (await second).drop();
    expect((await third).bytes).toHaveLength(SIZE);
    expect(taken).toEqual(['second']);
  });
});

describe('growingBuffers', () => {
  it('are as large as they are asked to be, one after the other', async () => {
    const buffers = growingBuffers(new Lanes(1, SIZE, 100 * SIZE), (number) => number * SIZE);
    expect(buffers.size).toBe(SIZE);
    const lengths: number[] = [];
    for (let number = 0; number < 3; number++) lengths.push((await buffers.take()).bytes.byteLength);
    expect(lengths).toEqual([SIZE, 2 * SIZE, 3 * SIZE]);
  });
});
