import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseClaim } from '../../src/series/claim.ts';
import { claimNumber, type OwnedClaim } from '../../src/series/claim-number.ts';
import { MemoryStore, type MemoryStoreOptions } from '../../src/store/memory.ts';
import type { ObjectKey } from '../../src/store/object-key.ts';
import type { PutOptions, StoredObject } from '../../src/store/object-store.ts';
import { type Actor, everyInterleaving, interleave, type Turn, TurnStore } from './interleaving.ts';
import { KEYS, PORTS, RUN, stored, TIME } from './series-fixture.ts';

type Result = OwnedClaim | 'tick';

/** A store whose clock shows whole seconds, and goes on only when the schedule says so. */
class Scene {
  readonly shared: MemoryStore;
  readonly #options: MemoryStoreOptions;
  #seconds = 0;

  constructor(conditionalWrites: 'enforced' | 'ignored') {
    this.#options = { conditionalWrites, clock: () => new Date(TIME.getTime() + this.#seconds * 1000) };
    this.shared = new MemoryStore(this.#options);
  }

  /** Claims a number as the first run of a series does. */
  claimer(letter: string, view: typeof TurnStore = TurnStore): Actor<Result> {
    return (turn) => {
      const request = { type: 'full' as const, run: RUN, leansOn: [], versions: [], claims: [] };
      let drawn = 0;
      const nonce = () => `${letter}${drawn++}`.padEnd(32, '0');
      return claimNumber(
        new view(this.shared, turn, this.#options),
        KEYS,
        { ...request, conditionalWritesKnown: false, attributes: () => ({}) },
        { ...PORTS, nonce, sleep: async () => {}, random: () => 0 },
      );
    };
  }

  clock(ticks: number): Actor<Result> {
    return async (turn) => {
      for (let tick = 0; tick < ticks; tick++) {
        await turn();
        this.#seconds += 1;
      }
      return 'tick';
    };
  }
}

/** Loses the reply to every PUT, so that it is sent again, some time later. */
class RepeatingStore extends TurnStore {
  override async put(key: ObjectKey, body: Uint8Array, options?: PutOptions): Promise<StoredObject> {
    await super.put(key, body, options).catch(() => {});
    return super.put(key, body, options);
  }
}

const claimsOf = (results: readonly Result[]) => results.filter((result) => result !== 'tick');

async function expectUniqueNumbers(scene: Scene, results: readonly Result[], order: string): Promise<void> {
  const owned = claimsOf(results);
  const numbers = owned.map(({ claim }) => claim.number);
  expect({ order, unique: new Set(numbers).size }).toEqual({ order, unique: numbers.length });
  for (const { key, claim } of owned) {
    expect(parseClaim(await stored(scene.shared, key), key).nonce).toBe(claim.nonce);
  }
}

/** Runs two claimers and a clock in every order of their first requests. */
async function everyOrder(scene: () => Scene, view: typeof TurnStore, ticks: number, depth: number): Promise<number> {
  let current = scene();
  return everyInterleaving<Result>(
    depth,
    () => {
      current = scene();
      return [current.claimer('a', view), current.claimer('b', view), current.clock(ticks)];
    },
    (results, order) => expectUniqueNumbers(current, results, order),
  );
}

describe('two runs that claim at once', () => {
  it.each([
    ['a store with conditional writes', 'enforced', TurnStore, 1, 12],
    ['one that loses replies', 'enforced', RepeatingStore, 0, 10],
    ['a store that ignores conditions, within one second', 'ignored', TurnStore, 0, 11],
    ['a store that ignores conditions, around a full second', 'ignored', TurnStore, 1, 9],
    ['a store that ignores conditions, around two full seconds', 'ignored', TurnStore, 2, 7],
  ] as const)('never get the same number in %s', async (_store, conditionalWrites, view, ticks, depth) => {
    const orders = await everyOrder(() => new Scene(conditionalWrites), view, ticks, depth);
    expect(orders).toBeGreaterThan(50);
  });
});

describe('several runs that claim at once', () => {
  const anySchedule = fc.array(fc.nat(4), { maxLength: 60 });

  it.each(['enforced', 'ignored'] as const)('never get the same number where conditions are %s', async (conditions) => {
    await fc.assert(
      fc.asyncProperty(anySchedule, async (schedule) => {
        const scene = new Scene(conditions);
        const actors = [...['a', 'b', 'c', 'd'].map((letter) => scene.claimer(letter)), scene.clock(10)];
        const { results } = await interleave(schedule, actors);
        expect(claimsOf(results)).toHaveLength(4);
        await expectUniqueNumbers(scene, results, schedule.join(' '));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the scheduler of these tests', () => {
  it('finds the one order in which a claim without a look around fails', async () => {
    const naive = (store: Set<string>) => async (turn: Turn) => {
      await turn();
      const taken = store.size;
      await turn();
      store.add(`claim ${taken}`);
      return taken;
    };
    const clashes: string[] = [];
    const orders = await everyInterleaving(
      4,
      () => {
        const store = new Set<string>();
        return [naive(store), naive(store)];
      },
      async ([a, b], order) => {
        if (a === b) clashes.push(order);
      },
    );
    expect(orders).toBe(6);
    expect(clashes.sort()).toEqual(['0 1 0 1', '0 1 1 0', '1 0 0 1', '1 0 1 0']);
  });
});
