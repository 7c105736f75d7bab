import { describe, expect, it } from '@jest/globals';
import { LARGE_FILES_AT_ONCE, Lanes } from '../../src/transfer/lanes.ts';
import { Gate, settled } from './gate.ts';

const MIB = 1024 * 1024;
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Begins so many pieces of work with buffers of one size. */
function begin(lanes: Lanes, count: number, bytes: number): Gate<Buffer> {
  const gate = new Gate<Buffer>();
  for (const _ of times(count)) void lanes.withBuffer(bytes, gate.work);
  return gate;
}

describe('withBuffer', () => {
  it.each([
    ['of the part size', 1000],
    ['of another size', 7],
    ['of no bytes', 0],
  ])('lends a buffer %s', async (_what, bytes) => {
    const length = await new Lanes(2, 1000).withBuffer(bytes, async (buffer) => buffer.length);
    expect(length).toBe(bytes);
  });

  it('runs as many requests as there are lanes', async () => {
    const gate = begin(new Lanes(3, 1000), 10, 1);
    await settled();
    expect(gate.held).toHaveLength(3);
    await gate.drain([], () => expect(gate.held.length).toBeLessThanOrEqual(3));
    expect(gate.begun).toHaveLength(10);
  });

  it.each([
    ['all lanes, while that is not much', 4, 8 * MIB, 128 * MIB, 4],
    ['the budget, with many lanes', 64, 8 * MIB, 128 * MIB, 16],
    ['the budget, with large parts', 64, 50 * MIB, 128 * MIB, 2],
    ['one part, where no two fit', 64, 100 * MIB, 128 * MIB, 1],
    ['one part, with one lane', 1, 50 * MIB, 128 * MIB, 1],
  ])('holds parts for %s', async (_what, concurrency, partSize, memoryBytes, expected) => {
    const gate = begin(new Lanes(concurrency, partSize, memoryBytes), expected + 5, partSize);
    await settled();
    expect(gate.held).toHaveLength(expected);
    await gate.drain();
    expect(gate.begun).toHaveLength(expected + 5);
  });

  it('needs no more buffers for many parts than for those in flight', async () => {
    const gate = begin(new Lanes(3, 1000), 50, 1000);
    await settled();
    await gate.drain([2, 1, 0, 2]);
    expect(gate.begun).toHaveLength(50);
    expect(new Set(gate.begun.map(({ buffer }) => buffer)).size).toBe(3);
  });

  it('never lends one buffer twice at a time', async () => {
    const gate = begin(new Lanes(4, 1000), 40, 1000);
    const look = () => {
      const buffers = gate.held.map(({ item }) => item.buffer);
      expect(new Set(buffers).size).toBe(buffers.length);
    };
    await settled();
    await gate.drain([3, 0, 2, 1, 3], look);
  });

  it('does not use a buffer again whose request failed and may still be reading', async () => {
    const lanes = new Lanes(1, 1000);
    const gate = new Gate<Buffer>();
    const failed = expect(lanes.withBuffer(1000, gate.work)).rejects.toThrow('timed out');
    await settled();
    gate.take(0)?.fail(new Error('timed out'));
    await failed;
    const next = lanes.withBuffer(1000, gate.work);
    await settled();
    await gate.drain();
    await next;
    expect(gate.begun[0]?.buffer).not.toBe(gate.begun[1]?.buffer);
  });

  it('keeps no spare buffer that would not fit into the budget beside one in use', async () => {
    const lanes = new Lanes(2, 1000, 2000);
    const gate = begin(lanes, 2, 1000);
    await settled();
    await gate.drain();
    await lanes.withBuffer(1500, async () => undefined);
    const again = begin(lanes, 2, 1000);
    await settled();
    await again.drain();
    const before = new Set(gate.begun.map(({ buffer }) => buffer));
    expect(again.begun.filter(({ buffer }) => before.has(buffer))).toEqual([]);
  });

  it('gives the lane and the bytes of failed work back', async () => {
    const lanes = new Lanes(1, 1000);
    await expect(lanes.withBuffer(1000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(lanes.withBuffer(1000, async () => 'next')).resolves.toBe('next');
  });
});

describe('largeFile', () => {
  it.each([
    ['as there are lanes', 2, 2],
    ['as are worth while', 64, LARGE_FILES_AT_ONCE],
  ])('has as many open %s', async (_what, concurrency, expected) => {
    const lanes = new Lanes(concurrency, 1000);
    const gate = new Gate<number>();
    for (const index of times(20)) void lanes.largeFile(() => gate.work(index));
    await settled();
    expect(gate.held).toHaveLength(expected);
    await gate.drain();
    expect(gate.begun).toEqual(times(20));
  });

  it('leaves lanes to its own parts and to small files', async () => {
    const lanes = new Lanes(1, 1000);
    const large = lanes.largeFile(() => lanes.withBuffer(1000, async () => 'part'));
    const small = lanes.withBuffer(1, async () => 'small');
    await expect(Promise.all([large, small])).resolves.toEqual(['part', 'small']);
  });
});
