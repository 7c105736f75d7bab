import { setImmediate as turn } from 'node:timers/promises';
import type { RetryPorts } from '../src/store/retry.ts';

/** Waits that last for nothing are counted as this long, so that time passes for those who try again and again. */
const SHORTEST_MS = 1_000;

export interface VirtualTime extends RetryPorts {
  /** The waits that were asked for, in order; milliseconds. */
  readonly waits: readonly number[];
  /** Lets time pass. */
  advance(ms: number): void;
}

/**
 * A clock that only waiting moves: waits that overlap pass together, and none takes real time.
 * @param ports what is to be otherwise
 */
export function virtualTime(ports: Partial<Pick<RetryPorts, 'random' | 'retryForMs'>> = {}): VirtualTime {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    monotonicMs: () => nowMs,
    random: () => 0.5,
    retryForMs: 300_000,
    advance(ms) {
      nowMs += ms;
    },
    async sleep(ms) {
      waits.push(ms);
      const dueMs = nowMs + (ms > 0 ? ms : SHORTEST_MS);
      await turn();
      nowMs = Math.max(nowMs, dueMs);
    },
    ...ports,
  };
}
