import { BackupError, type ErrorClass, isClass } from '../errors.ts';

/** Where waiting, chance and time come from; tests hand in their own. */
export interface RetryPorts {
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  /** Milliseconds of a steady clock. */
  readonly monotonicMs: () => number;
  /** How long an operation is tried again, from its first failure on; milliseconds. The input `retry-for`. */
  readonly retryForMs: number;
}

export interface RetryRule {
  /** Tries at most, beside the limit in time. Absent: as many as the time allows. */
  readonly attempts?: number;
  /** Upper bound of the first wait; doubles with every attempt. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly classes: readonly ErrorClass[];
}

/** Where nothing else is said: the default of the input `retry-for`. */
export const DEFAULT_RETRY_FOR_MS = 300_000;

/**
 * What the network, or a store that is busy or away, does to requests; a 409 says that nobody has won yet. The rest is
 * for those who know what they asked; credentials are renewed with the request itself (`s3/connection.ts`).
 */
export const DEFAULT_RETRY: RetryRule = {
  baseDelayMs: 100,
  maxDelayMs: 20_000,
  classes: ['transient', 'throttled', 'conflict'],
};

/**
 * For the conditional writes of the protocol, which a 409 must not end in any store. An adapter that sends requests again
 * by itself has given up on the 409 it throws, and then nobody waits a second time.
 */
export const CONFLICT_RETRY: RetryRule = { ...DEFAULT_RETRY, classes: ['conflict'] };

/** What was refused for coming too fast waits longer, as in the AWS SDKs. */
const THROTTLED_FACTOR = 10;

/**
 * Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempt 1 for the wait after the first failure
 * @returns milliseconds
 */
export function backoffMs(attempt: number, rule: RetryRule, random: () => number): number {
  return random() * Math.min(rule.maxDelayMs, rule.baseDelayMs * 2 ** (attempt - 1));
}

/** The tries of one operation: how often it has failed in a row, since when, and whether one more is worth while. */
export class Tries {
  readonly #ports: RetryPorts;
  readonly #rule: RetryRule;
  #failures = 0;
  #firstFailureMs = 0;
  #lastError: BackupError | undefined;

  constructor(ports: RetryPorts, rule: RetryRule = DEFAULT_RETRY) {
    this.#ports = ports;
    this.#rule = rule;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Something has been achieved: what fails from now on is counted anew. */
  progressed(): void {
    this.#failures = 0;
    this.#lastError = undefined;
  }

  /**
   * Waits until it is time for the next try.
   * @throws `error` where another try cannot help, or the time is over; then it tells how often it was tried
   */
  async waitAfter(error: unknown): Promise<void> {
    const { monotonicMs, random, retryForMs, sleep } = this.#ports;
    const { attempts = Number.POSITIVE_INFINITY, classes } = this.#rule;
    if (!isClass(error, ...classes) || error.details.givenUp) throw error;
    if (this.#failures === 0) this.#firstFailureMs = monotonicMs();
    this.#failures += 1;
    this.#lastError = moreTelling(this.#lastError, error);
    const factor = error.class === 'throttled' ? THROTTLED_FACTOR : 1;
    const rule = { ...this.#rule, baseDelayMs: this.#rule.baseDelayMs * factor };
    const spentMs = monotonicMs() - this.#firstFailureMs;
    if (this.#failures >= attempts || spentMs >= retryForMs) throw givenUp(this.#lastError, this.#failures, spentMs);
    // The last try comes when the time is over, and not so long before as chance has it.
    await sleep(Math.min(backoffMs(this.#failures, rule, random), retryForMs - spentMs));
  }
}

/**
 * Runs `work` until it succeeds, fails with another class, or has been tried for as long as it may be.
 * @param work gets the number of the attempt: 1, 2, 3 …
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  ports: RetryPorts,
  rule: RetryRule = DEFAULT_RETRY,
): Promise<T> {
  const tries = new Tries(ports, rule);
  for (;;) {
    try {
      return await work(tries.failures + 1);
    } catch (error) {
      await tries.waitAfter(error);
    }
  }
}

/**
 * A store that refuses before it has read a body often closes the connection on what is still being sent. What it had
 * said until then says more than the broken pipe.
 */
export function moreTelling(before: BackupError | undefined, error: BackupError): BackupError {
  return error.details.code === 'EPIPE' && before?.details.httpStatus !== undefined ? before : error;
}

/** The last error of an operation that is not tried again, with the number of tries. */
export function givenUp(error: BackupError, attempts: number, spentMs: number): BackupError {
  if (attempts === 1) return error;
  // An inner operation has already said it.
  if ((error.details.attempts ?? 1) > 1) return new BackupError(error.message, { ...error.details, givenUp: true });
  const seconds = Math.round(spentMs / 1000);
  const message = `${error.message.replace(/\.$/, '')} (tried ${attempts} times in ${seconds} s).`;
  return new BackupError(message, { ...error.details, attempts, givenUp: true });
}
