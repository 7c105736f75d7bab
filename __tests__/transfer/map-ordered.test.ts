import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mapOrdered } from '../../src/transfer/map-ordered.ts';
import { Gate, settled } from './gate.ts';

/** The numbers up to `count`; tells how many were asked for and whether it was closed. */
class Source {
  asked = 0;
  closed = false;

  async *items(count: number, failAt = -1): AsyncGenerator<number> {
    try {
      for (let item = 0; item < count; item++) {
        this.asked += 1;
        if (item === failAt) throw new Error('source failed');
        yield item;
      }
    } finally {
      this.closed = true;
    }
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('mapOrdered', () => {
  it('keeps the order and the window, in whatever order the work ends', async () => {
    const window = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(window, fc.nat(20), fc.array(fc.nat()), async (limit, count, choices) => {
        const gate = new Gate<number>();
        const delivered: number[] = [];
        const look = () => expect(gate.begun.length - delivered.length).toBeLessThanOrEqual(limit);
        const consumed = (async () => {
          for await (const item of mapOrdered(new Source().items(count), limit, gate.work)) {
            delivered.push(item);
            look();
          }
        })();
        await settled();
        expect(gate.held).toHaveLength(Math.min(limit, count));
        await gate.drain(choices, look);
        await consumed;
        expect(delivered).toEqual(upTo(count));
      }),
    );
  });

  it('reads no further than its window', async () => {
    const source = new Source();
    const gate = new Gate<number>();
    const results = mapOrdered(source.items(100), 3, gate.work);
    const first = results.next();
    await settled();
    expect(source.asked).toBe(3);
    await gate.drain();
    await expect(first).resolves.toEqual({ done: false, value: 0 });
    await results.return(undefined);
    expect(source.asked).toBe(3);
  });

  it('delivers what is there, also while more could be begun', async () => {
    const source = new Source();
    const results = mapOrdered(source.items(100), 50, async (item) => item);
    await expect(results.next()).resolves.toEqual({ done: false, value: 0 });
    expect(source.asked).toBeLessThan(5);
    await results.return(undefined);
  });

  it('delivers nothing of nothing', async () => {
    expect(await Array.fromAsync(mapOrdered(new Source().items(0), 3, async (item) => item))).toEqual([]);
  });

  describe('when one fails', () => {
    it('begins no other, ends those under way, and throws the first error in order', async () => {
      const source = new Source();
      const gate = new Gate<number>();
      const delivered: number[] = [];
      let outcome = 'open';
      const consumed = (async () => {
        for await (const item of mapOrdered(source.items(100), 4, gate.work)) delivered.push(item);
      })().catch((error: Error) => {
        outcome = error.message;
      });
      await settled();
      gate.take(2)?.fail(new Error('third failed'));
      await settled();
      gate.take(0)?.release();
      await settled();
      gate.take(0)?.fail(new Error('second failed'));
      await settled();
      expect([outcome, gate.held.map(({ item }) => item)]).toEqual(['open', [3]]);
      await gate.drain();
      await consumed;
      expect(outcome).toBe('second failed');
      expect(delivered).toEqual([0]);
      expect(gate.begun).toEqual([0, 1, 2, 3]);
      expect(source.closed).toBe(true);
    });

    it('still delivers what came before it', async () => {
      const delivered: number[] = [];
      const results = mapOrdered(new Source().items(10), 3, async (item) => {
        if (item === 5) throw new Error('failed');
        return item;
      });
      const consumed = (async () => {
        for await (const item of results) delivered.push(item);
      })();
      await expect(consumed).rejects.toThrow('failed');
      expect(delivered).toEqual([0, 1, 2, 3, 4]);
    });
  });

  it('takes a list too', async () => {
    expect(await Array.fromAsync(mapOrdered([1, 2, 3], 2, async (item) => item * 2))).toEqual([2, 4, 6]);
  });

  it('ends what is under way when the source fails', async () => {
    const gate = new Gate<number>();
    let outcome = 'open';
    const consumed = Array.fromAsync(mapOrdered(new Source().items(10, 2), 4, gate.work)).catch((error: Error) => {
      outcome = error.message;
    });
    await settled();
    expect([outcome, gate.held.length]).toEqual(['open', 2]);
    await gate.drain();
    await consumed;
    expect(outcome).toBe('source failed');
  });

  it('ends what is under way when the caller leaves, and closes the source', async () => {
    const source = new Source();
    const gate = new Gate<number>();
    let left = false;
    const consumed = (async () => {
      for await (const _item of mapOrdered(source.items(10), 3, gate.work)) break;
      left = true;
    })();
    await settled();
    gate.take(0)?.release();
    await settled();
    expect([left, gate.held.length]).toEqual([false, 2]);
    await gate.drain();
    await consumed;
    expect(gate.begun).toEqual([0, 1, 2]);
    expect(source.closed).toBe(true);
  });
});
