import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type VirtualTime, virtualTime } from '../virtual-time.ts';
import { FaultWorld } from './fault-world.ts';
import { count } from './ledger.ts';
import { RequestsInFlight } from './requests-in-flight.ts';

const FILES = 760;
const CONCURRENCY = 16;
/** The store takes so long for a request, one after the other. */
const REQUEST_MS = 2;
const TAKEN_PER_SECOND = 20;
const THROTTLED_FROM_MS = 200;
const THROTTLED_FOR_MS = 30_000;

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A second of a store that is throttled. */
interface Second {
  taken: number;
  refused: number;
  /** Requests in flight at most. */
  inFlight: number;
}

/** A store that takes 20 requests a second for 30 s, by a clock on which every request takes time. */
class Throttle {
  readonly #time: VirtualTime;
  readonly #inFlight: RequestsInFlight;
  /** Before, by second while it lasts, and after. */
  readonly before: Second = { taken: 0, refused: 0, inFlight: 0 };
  readonly during = new Map<number, Second>();
  readonly after: Second = { taken: 0, refused: 0, inFlight: 0 };

  constructor(time: VirtualTime, inFlight: RequestsInFlight) {
    this.#time = time;
    this.#inFlight = inFlight;
  }

  readonly refuses = (): boolean => {
    this.#time.advance(REQUEST_MS);
    const second = this.#second();
    second.inFlight = Math.max(second.inFlight, this.#inFlight.count);
    const isRefused = second !== this.before && second !== this.after && second.taken >= TAKEN_PER_SECOND;
    if (isRefused) second.refused += 1;
    else second.taken += 1;
    return isRefused;
  };

  #second(): Second {
    const sinceMs = this.#time.monotonicMs() - THROTTLED_FROM_MS;
    if (sinceMs < 0) return this.before;
    if (sinceMs >= THROTTLED_FOR_MS) return this.after;
    const number = Math.floor(sinceMs / 1_000);
    const second = this.during.get(number) ?? { taken: 0, refused: 0, inFlight: 0 };
    this.during.set(number, second);
    return second;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

describe('a backup to a store that takes 20 requests a second for 30 s', () => {
  it('succeeds, and comes to send about as many, fewer at once, until the store takes more again', async () => {
    const root = await world.tree(Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`${n}`, `file ${n}`])));
    const bucket = world.bucket();
    using inFlight = new RequestsInFlight();
    const time = virtualTime();
    const throttle = new Throttle(time, inFlight);
    world.server.faults.add({
      applies: throttle.refuses,
      times: Number.POSITIVE_INFINITY,
      action: { type: 'error', status: 503, code: 'SlowDown' },
    });
    const report = await world.backup(bucket, root, { time, concurrency: CONCURRENCY });
    world.server.faults.clear();

    expect(report?.totals).toMatchObject({ files: FILES });
    expect(await world.verify(bucket)).toMatchObject({ versions: { length: 1 }, damaged: { count: 0 } });
    const { before, during, after } = throttle;
    const seconds = [...during.values()];
    expect(seconds).toHaveLength(THROTTLED_FOR_MS / 1_000);
    // Nearly all that the store takes, and of what it refuses far from what 16 at once could ask.
    const taken = sum(seconds.map((second) => second.taken));
    expect(taken).toBeGreaterThan(0.8 * seconds.length * TAKEN_PER_SECOND);
    expect(sum(seconds.map(({ refused }) => refused))).toBeLessThan(taken / 2);
    const settled = seconds.slice(2).map((second) => second.inFlight);
    expect(before.inFlight).toBe(CONCURRENCY);
    expect(Math.max(...settled)).toBeLessThan(CONCURRENCY);
    expect(after.inFlight).toBeGreaterThan(Math.min(...settled));
    count('a store that takes 20 requests a second for 30 s', 1);
  });
});
