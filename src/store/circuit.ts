import { type BackupError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { backoffMs, DEFAULT_RETRY, givenUp, moreTelling, type RetryPorts } from './retry.ts';

/** Failures in a row, whoever's, after which the store is taken to be away. */
export const FAILURES_TO_OPEN = 8;

/** … or all there are, be they few, if nothing has been answered for so long. */
export const SILENCE_TO_OPEN_MS = 10_000;

/** A store that throttles takes some requests; one that has taken none for so long is waited for as if it were away. */
export const THROTTLED_TO_OPEN_MS = 5_000;

const NEVER_ANSWERED =
  'It has not answered at all yet: check `endpoint` and the network; `retry-for` says how long is waited.';

/** A request that has come to nothing. */
export interface FailedRequest {
  /** When it went out, by the ports' clock. */
  readonly sentMs: number;
  /** How many others are on their way. */
  readonly beside: number;
  /** The store is there, and throttles. */
  readonly isThrottled?: boolean;
}

/** The circuit as one request sees it; to be left with {@link Pass.leave}, whatever became of it. */
export interface Pass {
  /** Resolves when the request may go out: at once while all is well, one at a time while the store is away. */
  enter(): Promise<void>;
  /** False if the store went away since {@link enter}. */
  readonly isValid: boolean;
  leave(): void;
}

interface Outage {
  readonly sinceMs: number;
  lastError: BackupError;
  probes: number;
  probing: boolean;
  /** Why it was not waited for any longer. */
  givenUp?: BackupError;
  readonly waiting: (() => void)[];
}

/**
 * Notices that everything fails, and then lets one request at a time find out whether the store is back (the pattern
 * "Circuit breaker"; Nygard, "Release It!"). Says once what is waited for and for how long, and once that it is over.
 */
export class Circuit {
  readonly #ports: RetryPorts;
  readonly #log: Log;
  #failures = 0;
  #firstFailureMs = 0;
  /** When the first request of those that failed in a row went out. */
  #firstSentMs = 0;
  /** Of those that failed in a row. */
  #lastError: BackupError | undefined;
  #outage: Outage | undefined;
  #isGivenUp = false;
  #hasAnswered = false;

  constructor(ports: RetryPorts, log: Log) {
    this.#ports = ports;
    this.#log = log;
  }

  get isOpen(): boolean {
    return this.#outage !== undefined;
  }

  /** The store was waited for in vain, and has not answered since: nobody waits for it a second time. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  pass(): Pass {
    let probing: Outage | undefined;
    const circuit = this;
    return {
      async enter() {
        for (let outage = circuit.#outage; outage !== undefined; outage = circuit.#outage) {
          if (outage.probing && probing !== outage) await circuit.#wait(outage);
          else {
            outage.probing = true;
            probing = outage;
            return circuit.#waitToProbe(outage);
          }
        }
      },
      get isValid() {
        return circuit.#outage === undefined || probing === circuit.#outage;
      },
      leave() {
        if (probing === undefined) return;
        probing.probing = false;
        wake(probing);
        probing = undefined;
      },
    };
  }

  /** The store has answered, be it with a refusal. */
  answered(): void {
    this.#failures = 0;
    this.#lastError = undefined;
    this.#isGivenUp = false;
    this.#hasAnswered = true;
    const outage = this.#outage;
    if (outage === undefined) return;
    this.#outage = undefined;
    this.#log.info(`The store answers again after ${this.#secondsSince(outage.sinceMs)} s`);
    wake(outage);
  }

  /** A request has come to nothing in a way that may be the store's absence. */
  failed(error: BackupError, { sentMs, beside, isThrottled = false }: FailedRequest): void {
    const { code, httpStatus } = error.details;
    if (code !== undefined && httpStatus !== undefined) this.#hasAnswered = true;
    if (this.#isGivenUp) return;
    const nowMs = this.#ports.monotonicMs();
    if (this.#failures === 0) [this.#firstSentMs, this.#firstFailureMs] = [sentMs, nowMs];
    this.#failures += 1;
    const rowMs = nowMs - this.#firstSentMs;
    const isRow = this.#failures >= FAILURES_TO_OPEN && (!isThrottled || rowMs >= THROTTLED_TO_OPEN_MS);
    const isSilence = this.#failures > beside && rowMs >= SILENCE_TO_OPEN_MS;
    this.#lastError = moreTelling(this.#lastError, error);
    if (this.#outage !== undefined) this.#outage.lastError = this.#lastError;
    else if (isRow || isSilence) this.#open(this.#lastError);
  }

  #open(error: BackupError): void {
    const sinceMs = this.#firstFailureMs;
    this.#outage = { sinceMs, lastError: error, probes: 0, probing: false, waiting: [] };
    const leftMs = Math.max(0, this.#ports.retryForMs - (this.#ports.monotonicMs() - sinceMs));
    // A name that is misspelt is waited for like one that is away: nobody can tell them apart.
    const advice = this.#hasAnswered ? '' : ` ${NEVER_ANSWERED}`;
    this.#log.info(
      `Waiting for the store for up to ${Math.round(leftMs / 1000)} s, as every request fails: ${messageOf(error)}${advice}`,
    );
  }

  /** @throws BackupError if the store is not waited for any longer */
  async #wait(outage: Outage): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    outage.waiting.push(resolve);
    await promise;
    if (outage.givenUp !== undefined) throw outage.givenUp;
  }

  /** @throws BackupError when the store has been away for too long: for the one who probes, and so for all who wait */
  async #waitToProbe(outage: Outage): Promise<void> {
    const { monotonicMs, random, retryForMs, sleep } = this.#ports;
    const spentMs = monotonicMs() - outage.sinceMs;
    if (spentMs >= retryForMs) throw this.#giveUp(outage, spentMs);
    outage.probes += 1;
    await sleep(Math.min(backoffMs(outage.probes, DEFAULT_RETRY, random), retryForMs - spentMs));
  }

  /** Those who wait fail together; what comes later is sent once, until something is answered. */
  #giveUp(outage: Outage, spentMs: number): BackupError {
    outage.givenUp = givenUp(outage.lastError, this.#failures, spentMs);
    this.#outage = undefined;
    this.#failures = 0;
    this.#lastError = undefined;
    this.#isGivenUp = true;
    wake(outage);
    return outage.givenUp;
  }

  #secondsSince(ms: number): number {
    return Math.round((this.#ports.monotonicMs() - ms) / 1000);
  }
}

/** All look again: one of them is next, or all may go. */
function wake(outage: Outage): void {
  for (const resolve of outage.waiting.splice(0)) resolve();
}
