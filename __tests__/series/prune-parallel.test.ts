import { describe, expect, it } from '@jest/globals';
import { inParallel, PRUNE_CONCURRENCY } from '../../src/series/prune-parallel.ts';

const items = Array.from({ length: 50 }, (_, index) => index);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('inParallel', () => {
  it('gives the results in the order of the items', async () => {
    const results = await inParallel(items, async (item) => {
      for (let turns = 0; turns < item % 5; turns += 1) await turn();
      return item * 2;
    });
    expect(results).toEqual(items.map((item) => item * 2));
  });

  it('has nothing to do for no items', async () => {
    expect(await inParallel([], async () => 1)).toEqual([]);
  });

  it('runs as many at once as it may, and no more', async () => {
    let running = 0;
    let most = 0;
    await inParallel(items, async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    expect(most).toBe(PRUNE_CONCURRENCY);
  });

  it('begins nothing after a failure and leaves nothing running behind it', async () => {
    const begun: number[] = [];
    let running = 0;
    const work = inParallel(items, async (item) => {
      begun.push(item);
      running += 1;
      await turn();
      if (item === 3) {
        running -= 1;
        throw new Error('no');
      }
      await turn();
      running -= 1;
    });
    await expect(work).rejects.toThrow('no');
    expect(running).toBe(0);
    expect(begun).toEqual(items.slice(0, PRUNE_CONCURRENCY));
  });
});
