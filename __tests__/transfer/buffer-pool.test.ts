import { describe, expect, it } from '@jest/globals';
import { BufferPool } from '../../src/transfer/buffer-pool.ts';

/** Beyond the pool of Node, from which nothing can be freed alone. */
const SIZE = 256 * 1024;

describe('BufferPool', () => {
  it('hands out what was given back, and never one buffer to two', () => {
    const pool = new BufferPool(SIZE, 2);
    const [one, other] = [pool.take(), pool.take()];
    expect(one).not.toBe(other);
    expect([one.byteLength, other.byteLength]).toEqual([SIZE, SIZE]);
    pool.handOver();
    pool.giveBack(one);
    expect(pool.take()).toBe(one);
    expect(pool.take()).not.toBe(one);
  });

  it('keeps no more than it was made for, those that are out among them, and frees the others', () => {
    const pool = new BufferPool(SIZE, 2);
    const many = Array.from({ length: 5 }, () => pool.take());
    for (const _ of many) pool.handOver();
    const out = pool.take();
    for (const buffer of many) pool.giveBack(buffer);
    expect(many.map(({ byteLength }) => byteLength)).toEqual([SIZE, 0, 0, 0, 0]);
    expect(out.byteLength).toBe(SIZE);
  });
});
