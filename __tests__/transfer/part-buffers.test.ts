import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Lanes } from '../../src/transfer/lanes.ts';
import { growingBuffers, leasedBuffers, reservedBuffers } from '../../src/transfer/part-buffers.ts';
import { settled } from './gate.ts';

const SIZE = 100;
const lanesFor = (parts: number) => new Lanes(1, SIZE, parts * SIZE);

/** Of buffers that are made from now on: the bytes of all that have not been freed. */
function watchMemory(): () => number {
  const made: Buffer[] = [];
  const make = Buffer.allocUnsafeSlow;
  jest.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((bytes) => {
    const buffer = make(bytes);
    made.push(buffer);
    return buffer;
  });
  return () => made.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
afterEach(() => {
  jest.restoreAllMocks();
});

describe('reservedBuffers', () => {
  it('take with the lanes what was planned for both, whatever was in use before', async () => {
    // Beyond the pool of Node, from which nothing can be freed alone.
    const size = 256 * 1024;
    const [reserved, parts] = [2, 4];
    const liveBytes = watchMemory();
    const peak: number[] = [];
    const look = () => peak.push(liveBytes());
    const lanes = new Lanes(parts, size, parts * size);
    await Promise.all(Array.from({ length: parts }, () => lanes.withBuffer(size, settled)));
    look();
    const buffers = reservedBuffers(lanes, size, reserved);
    for (let burst = 0; burst < 3; burst++) {
      const stored = Promise.withResolvers<void>();
      const onTheirWay: Promise<void>[] = [];
      for (let part = 0; part < parts; part++) {
        const { begun, sent } = (await buffers.take()).send(() => stored.promise);
        onTheirWay.push(sent);
        await begun;
        look();
      }
      const filling = [await buffers.take(), await buffers.take()];
      look();
      stored.resolve();
      await Promise.all(onTheirWay);
      look();
      for (const buffer of filling) await buffer.send(settled).sent;
      look();
    }
    expect(Math.max(...peak)).toBeLessThanOrEqual((reserved + parts) * size);
  });

  it('fill without waiting for the lanes, and count as theirs only on their way', async () => {
    const lanes = lanesFor(1);
    const buffers = reservedBuffers(lanes, SIZE, 2);
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
    const buffers = reservedBuffers(lanesFor(2), SIZE, 2);
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
