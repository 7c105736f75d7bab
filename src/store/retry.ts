import { type ErrorClass, isClass } from '../errors.ts';

/** Where waiting and chance come from; tests hand in their own. */
export interface RetryPorts {
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
}

export interface RetryRule {
  readonly attempts: number;
  /** Upper bound of the first wait; doubles with every attempt. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly classes: readonly ErrorClass[];
}

/** Waits sum up to at most about a minute and a half. */
export const DEFAULT_RETRY: RetryRule = {
  attempts: 10,
  baseDelayMs: 100,
  maxDelayMs: 20_000,
  classes: ['transient', 'throttled', 'expired', 'conflict'],
};

/** For single small requests: transport failures were already tried again below the seam, a 409 was not. */
export const CONFLICT_RETRY: RetryRule = { ...DEFAULT_RETRY, classes: ['conflict'] };

/**
 * Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempt 1 for the wait after the first failure
 * @returns milliseconds
 */
export function backoffMs(attempt: number, rule: RetryRule, random: () => number): number {
  return random() * Math.min(rule.maxDelayMs, rule.baseDelayMs * 2 ** (attempt - 1));
}

/**
 * Runs `work` until it succeeds, fails with another class, or has failed `rule.attempts` times.
 * @param work gets the number of the attempt: 1, 2, 3 …
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  ports: RetryPorts,
  rule: RetryRule = DEFAULT_RETRY,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= rule.attempts || !isClass(error, ...rule.classes)) throw error;
      await ports.sleep(backoffMs(attempt, rule, ports.random));
    }
  }
}
