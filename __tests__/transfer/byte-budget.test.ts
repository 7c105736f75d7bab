import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteBudget } from '../../src/transfer/byte-budget.ts';
import { Gate, settled } from './gate.ts';

interface Item {
  readonly index: number;
  readonly bytes: number;
}

const itemsOf = (sizes: readonly number[]): Item[] => sizes.map((bytes, index) => ({ index, bytes }));

function begin(capacity: number, items: readonly Item[]) {
  const gate = new Gate<Item>();
  const budget = new ByteBudget(capacity);
  const done = Promise.all(items.map((item) => budget.run(item.bytes, () => gate.work(item))));
  const held = () => gate.held.reduce((sum, { item }) => sum + item.bytes, 0);
  return { gate, budget, done, held };
}

describe('ByteBudget', () => {
  it('never holds more than its capacity, but for one item that is larger alone', async () => {
    const sizes = fc.array(fc.nat(15), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), sizes, fc.array(fc.nat()), async (capacity, bytes, choices) => {
        const items = itemsOf(bytes);
        const { gate, done, held } = begin(capacity, items);
        const isAlone = () => gate.held.filter(({ item }) => item.bytes > 0).length === 1;
        const look = () => expect(held() <= capacity || isAlone()).toBe(true);
        await settled();
        look();
        await gate.drain(choices, look);
        expect(await done).toEqual(items);
        expect(gate.begun).toEqual(items);
      }),
    );
  });

  it('lets as many in as fit', async () => {
    const { gate } = begin(10, itemsOf([4, 4, 2, 1]));
    await settled();
    expect(gate.begun.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('lets nobody overtake: a small item waits behind a large one', async () => {
    const { gate, done } = begin(10, itemsOf([6, 6, 1]));
    await settled();
    expect(gate.begun).toHaveLength(1);
    await gate.drain();
    await done;
    expect(gate.begun.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('runs what is larger than the capacity alone', async () => {
    const { gate } = begin(10, itemsOf([1, 100, 1]));
    await settled();
    expect(gate.held.map(({ item }) => item.bytes)).toEqual([1]);
    gate.take(0)?.release();
    await settled();
    expect(gate.held.map(({ item }) => item.bytes)).toEqual([100]);
    gate.take(0)?.release();
    await settled();
    expect(gate.held.map(({ item }) => item.bytes)).toEqual([1]);
  });

  it.each([
    ['that fails', () => Promise.reject(new Error('failed'))],
    [
      'that throws at once',
      () => {
        throw new Error('failed');
      },
    ],
  ])('gets the bytes back from work %s', async (_how, work: () => Promise<never>) => {
    const budget = new ByteBudget(10);
    await expect(budget.run(10, work)).rejects.toThrow('failed');
    await expect(budget.run(10, async () => 'next')).resolves.toBe('next');
  });
});
