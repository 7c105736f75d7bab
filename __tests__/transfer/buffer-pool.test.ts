import { describe, expect, it } from '@jest/globals';
import { BufferPool } from '../../src/transfer/buffer-pool.ts';

describe('BufferPool', () => {
  it('hands out what was given back, and never one buffer to two', () => {
    const pool = new BufferPool(100);
    const [one, other] = [pool.take(), pool.take()];
    expect(one).not.toBe(other);
    expect([one.byteLength, other.byteLength]).toEqual([100, 100]);
    pool.giveBack(one);
    expect(pool.take()).toBe(one);
    expect(pool.take()).not.toBe(one);
  });

  it('keeps no more than four', () => {
    const pool = new BufferPool(10);
    const many = Array.from({ length: 6 }, () => pool.take());
    for (const buffer of many) pool.giveBack(buffer);
    const again = Array.from({ length: 6 }, () => pool.take());
    expect(again.filter((buffer) => many.includes(buffer))).toHaveLength(4);
  });
});
