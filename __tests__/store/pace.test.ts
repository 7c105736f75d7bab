import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { Pace } from '../../src/store/pace.ts';
import { Gate, settled } from '../transfer/gate.ts';
import { virtualTime } from '../virtual-time.ts';

const slowDown = () => new BackupError('Slow down.', { class: 'throttled' });
const throttle = () => Promise.reject(slowDown());

/** Requests that go well, one after the other. */
async function succeed(pace: Pace, times: number, request = async () => {}): Promise<void> {
  for (let done = 0; done < times; done++) await pace.run('Put', request);
}

async function throttled(pace: Pace, times = 1): Promise<void> {
  for (let done = 0; done < times; done++) await pace.run('Put', throttle).catch(() => {});
}

describe('Pace', () => {
  it('has as many requests in flight as allowed, first come, first served', async () => {
    const pace = new Pace(3, virtualTime());
    const gate = new Gate<number>();
    const all = Promise.all([1, 2, 3, 4, 5].map((item) => pace.run('Put', () => gate.work(item))));
    await settled();
    expect(gate.held.map(({ item }) => item)).toEqual([1, 2, 3]);
    await gate.drain([], () => expect(gate.held.length).toBeLessThanOrEqual(3));
    await all;
    expect(gate.begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives the turn of a failed request to the next', async () => {
    const pace = new Pace(1, virtualTime());
    await expect(pace.run('Put', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(pace.run('Put', async () => 'next')).resolves.toBe('next');
  });

  it('has half as many after a throttled request, down to one, and tells of it', async () => {
    const pace = new Pace(32, virtualTime());
    const limits: number[] = [];
    pace.onChange((limit) => limits.push(limit));
    await throttled(pace, 7);
    expect(limits).toEqual([16, 8, 4, 2, 1]);
    expect(pace.limit).toBe(1);
  });

  it('counts many throttled requests of one moment once', async () => {
    const pace = new Pace(32, virtualTime());
    await Promise.allSettled(Array.from({ length: 32 }, () => pace.run('Put', throttle)));
    expect(pace.limit).toBe(16);
  });

  it('has one more after every round that went well, up to as many as allowed', async () => {
    const pace = new Pace(8, virtualTime());
    await throttled(pace);
    expect(pace.limit).toBe(4);
    await succeed(pace, 4);
    expect(pace.limit).toBe(5);
    await succeed(pace, 5 + 6 + 7);
    expect(pace.limit).toBe(8);
    await succeed(pace, 100);
    expect(pace.limit).toBe(8);
  });

  it('keeps a distance between requests that are throttled even one at a time, and closes it again', async () => {
    const time = virtualTime();
    const pace = new Pace(1, time);
    await throttled(pace, 3);
    expect(pace.gapMs).toBe(80);
    const starts: number[] = [];
    await succeed(pace, 3, async () => void starts.push(time.monotonicMs()));
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(72);
    await succeed(pace, 100);
    expect(pace.gapMs).toBe(0);
  });

  it('has a tenth less when requests take far longer than the fastest of their kind', async () => {
    const time = virtualTime();
    const pace = new Pace(20, time);
    const taking = (ms: number) => async () => time.advance(ms);
    await succeed(pace, 10, taking(100));
    await succeed(pace, 3, taking(500));
    expect(pace.limit).toBe(20);
    await succeed(pace, 10, taking(10_000));
    expect(pace.limit).toBeLessThan(20);
    await succeed(pace, 100, taking(10_000));
    expect(pace.limit).toBe(2);
  });

  it('does not compare requests of different kinds', async () => {
    const time = virtualTime();
    const pace = new Pace(20, time);
    await pace.run('small', async () => time.advance(1));
    for (let done = 0; done < 20; done++) await pace.run('large', async () => time.advance(9_000));
    expect(pace.limit).toBe(20);
  });
});
