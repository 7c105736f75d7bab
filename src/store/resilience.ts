import { BackupError, isClass } from '../errors.ts';
import type { Log } from '../log.ts';
import { Circuit } from './circuit.ts';
import { Pace } from './pace.ts';
import { DEFAULT_RETRY, type RetryPorts, Tries } from './retry.ts';

/** Of HTTP; what has no status did not get through. */
const SERVER_ERROR = 500;
const SERVICE_UNAVAILABLE = 503;

export interface RequestKind {
  /** As S3 names it: `PutObject`. */
  readonly operation: string;
  /** Of the body that is sent. */
  readonly bytes?: number;
}

/**
 * How all requests to one store go out: as many at a time as it takes (`pace.ts`), again while that may help
 * (`retry.ts`), and one at a time while it is away (`circuit.ts`).
 */
export class Resilience {
  readonly pace: Pace;
  readonly #circuit: Circuit;
  readonly #ports: RetryPorts;

  /** @param concurrency requests in flight at most */
  constructor(concurrency: number, ports: RetryPorts, log: Log) {
    this.pace = new Pace(concurrency, ports);
    this.#circuit = new Circuit(ports, log);
    this.#ports = ports;
  }

  /**
   * @param request sends it once; every failure is a BackupError
   * @param again false: it is sent once, for callers who repeat it themselves
   */
  async run<T>(kind: RequestKind, request: () => Promise<T>, again = true): Promise<T> {
    const tries = new Tries(this.#ports, again ? DEFAULT_RETRY : { ...DEFAULT_RETRY, attempts: 1 });
    const pass = this.#circuit.pass();
    let sentMs = 0;
    try {
      for (;;) {
        await pass.enter();
        try {
          const outcome = await this.pace.run(label(kind), async () => {
            sentMs = this.#ports.monotonicMs();
            return pass.isValid ? await sent(request) : undefined;
          });
          if (outcome === undefined) continue;
          this.#circuit.answered();
          return outcome.result;
        } catch (error) {
          this.#judge(error, sentMs);
          if (this.#circuit.isGivenUp) throw notAgain(error);
          // While the store is away, the one who probes waits in the circuit.
          await (this.#circuit.isOpen && again && isTransport(error) ? undefined : tries.waitAfter(error));
        }
      }
    } finally {
      pass.leave();
    }
  }

  /**
   * A refusal is an answer: the store is there. What is local, a cancellation say, tells nothing of it. A 503 without a
   * word may be a gateway's. A store that throttles is there too, but one that takes no request at all is waited for like
   * one that is away.
   */
  #judge(error: unknown, sentMs: number): void {
    if (!(error instanceof BackupError) || error.class === 'local') return;
    const { code, httpStatus = SERVER_ERROR } = error.details;
    const isBare = code === undefined && httpStatus === SERVICE_UNAVAILABLE;
    const isThrottled = error.class === 'throttled' && !isBare;
    const isAway = error.class === 'throttled' || (error.class === 'transient' && httpStatus >= SERVER_ERROR);
    if (isAway) this.#circuit.failed(error, { sentMs, beside: this.pace.inFlight, isThrottled });
    else this.#circuit.answered();
  }
}

async function sent<T>(request: () => Promise<T>): Promise<{ readonly result: T }> {
  return { result: await request() };
}

/** What fails while nobody waits for the store any more. */
function notAgain(error: unknown): unknown {
  return isTransport(error) ? new BackupError(error.message, { ...error.details, givenUp: true }) : error;
}

function isTransport(error: unknown): error is BackupError {
  return isClass(error, ...DEFAULT_RETRY.classes);
}

/** Requests of one operation whose bodies are of about the same size (within a factor of four) take about equally long. */
function label({ operation, bytes = 0 }: RequestKind): string {
  return `${operation} ${Math.ceil(Math.log2(bytes + 1) / 2)}`;
}
