import { isClass } from '../errors.ts';
import type { RetryPorts } from './retry.ts';

/** Slow is what takes so many times as long as the fastest of its kind … */
const SLOW_FACTOR = 8;
/** … and at least so long; milliseconds. Below, more requests in flight still do more good than harm. */
const SLOW_MS = 2_000;
/** How much a new measurement counts in the mean. */
const MEAN_WEIGHT = 0.2;
/** Latency alone never leaves fewer requests in flight than this: one may be slow for reasons of its own. */
const SLOW_FLOOR = 2;
const SLOW_DECREASE = 0.9;
const THROTTLED_DECREASE = 0.5;

/** The distance between requests that a store refuses even one at a time. */
const FIRST_GAP_MS = 20;
const MAX_GAP_MS = 5_000;
const GAP_DECREASE = 0.9;

/** What is measured together: requests of one operation, of about the same number of bytes. */
interface Latency {
  best: number;
  mean: number;
}

/**
 * How many requests are in flight: as many as allowed, until the store or the machine cannot take them.
 *
 * Additive increase, multiplicative decrease, as in TCP (Chiu and Jain, 1989): half as many after a throttled request,
 * a tenth less when requests take far longer than the fastest of their kind, one more for each round that went well. A
 * round ends with the last request that was begun before the last decrease, so that one bad moment counts once. A store that
 * throttles a single request in flight gets them at a distance, which doubles and shrinks likewise.
 */
export class Pace {
  readonly #max: number;
  readonly #ports: Pick<RetryPorts, 'sleep' | 'monotonicMs'>;
  readonly #latencies = new Map<string, Latency>();
  readonly #waiting: (() => void)[] = [];
  readonly #listeners: ((limit: number) => void)[] = [];
  #limit: number;
  #inFlight = 0;
  /** Requests that went well since the last change; as many as are in flight make a round. */
  #wentWellSince = 0;
  /** Decreases so far. */
  #round = 0;
  #gapMs = 0;
  #nextStartMs = 0;

  /** @param max requests in flight at most */
  constructor(max: number, ports: Pick<RetryPorts, 'sleep' | 'monotonicMs'>) {
    this.#max = max;
    this.#limit = max;
    this.#ports = ports;
  }

  /** Requests in flight now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  /** Milliseconds between the starts of two requests; 0 unless the store throttles even one at a time. */
  get gapMs(): number {
    return this.#gapMs;
  }

  /** Tells of every change of {@link limit}. */
  onChange(listener: (limit: number) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Runs a request when its turn comes.
   * @param kind of requests that take about equally long
   */
  async run<T>(kind: string, request: () => Promise<T>): Promise<T> {
    await this.#turn();
    const round = this.#round;
    const startMs = this.#ports.monotonicMs();
    try {
      const result = await request();
      this.#wentWell(kind, this.#ports.monotonicMs() - startMs, round);
      return result;
    } catch (error) {
      if (isClass(error, 'throttled')) this.#throttled(round);
      throw error;
    } finally {
      this.#inFlight -= 1;
      this.#admit();
    }
  }

  async #turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#admit();
    await promise;
    await this.#keepDistance();
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#limit) {
      this.#inFlight += 1;
      this.#waiting.shift()?.();
    }
  }

  async #keepDistance(): Promise<void> {
    if (this.#gapMs === 0) return;
    const nowMs = this.#ports.monotonicMs();
    const startMs = Math.max(nowMs, this.#nextStartMs);
    this.#nextStartMs = startMs + this.#gapMs;
    if (startMs > nowMs) await this.#ports.sleep(startMs - nowMs);
  }

  #wentWell(kind: string, ms: number, round: number): void {
    if (this.#isSlow(kind, ms)) {
      if (round === this.#round) this.#decrease(Math.max(SLOW_FLOOR, Math.floor(this.#limit * SLOW_DECREASE)));
      return;
    }
    if (this.#gapMs > 0) {
      this.#gapMs = this.#gapMs < FIRST_GAP_MS ? 0 : this.#gapMs * GAP_DECREASE;
      return;
    }
    if (this.#limit === this.#max) return;
    this.#wentWellSince += 1;
    if (this.#wentWellSince >= this.#limit) this.#setLimit(this.#limit + 1);
  }

  #isSlow(kind: string, ms: number): boolean {
    const latency = this.#latencies.get(kind) ?? { best: ms, mean: ms };
    latency.best = Math.min(latency.best, ms);
    latency.mean += MEAN_WEIGHT * (ms - latency.mean);
    this.#latencies.set(kind, latency);
    return latency.mean > Math.max(SLOW_MS, SLOW_FACTOR * latency.best);
  }

  #throttled(round: number): void {
    if (round !== this.#round) return;
    if (this.#limit === 1) {
      this.#round += 1;
      this.#gapMs = Math.min(MAX_GAP_MS, Math.max(FIRST_GAP_MS, this.#gapMs * 2));
    } else this.#decrease(Math.max(1, Math.floor(this.#limit * THROTTLED_DECREASE)));
  }

  #decrease(limit: number): void {
    if (limit >= this.#limit) return;
    this.#round += 1;
    this.#setLimit(limit);
  }

  #setLimit(limit: number): void {
    this.#limit = limit;
    this.#wentWellSince = 0;
    for (const listener of this.#listeners) listener(limit);
    this.#admit();
  }
}
