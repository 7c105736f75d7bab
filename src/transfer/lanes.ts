import pLimit, { type LimitFunction } from 'p-limit';
import { freeMemory } from '../free-memory.ts';
import type { Pace } from '../store/pace.ts';
import { ByteBudget } from './byte-budget.ts';

/** All buffers together where nothing else is said: the default of the input `max-memory`. */
export const DEFAULT_MEMORY_BYTES = 256_000_000;

/** Kept for the next part while none is under way; small files may need the memory meanwhile. */
const MAX_SPARE_BUFFERS = 8;

/** Large files open at once; their parts share the lanes, so this only hides the latency of opening and completing. */
export const LARGE_FILES_AT_ONCE = 8;

/** A buffer that is held. */
export interface Lease {
  readonly buffer: Buffer;
  /** Runs `work` in the turn of one request and gives the buffer back. */
  readonly send: (work: () => Promise<void>) => Promise<void>;
  readonly release: () => void;
}

/**
 * What bounds a transfer: requests in flight, bytes in buffers and open large files. Memory depends on these alone.
 * Whoever needs larger amounts of memory beside them takes it from the same budget ({@link memory}).
 *
 * Bytes are always taken before a request's turn, never the other way round: two orders could wait for each other.
 */
export class Lanes {
  readonly #requests: LimitFunction;
  /** Bytes of all buffers in use. */
  readonly memory: ByteBudget;
  readonly #largeFiles: LimitFunction;
  readonly #spare: Buffer[] = [];
  readonly #partSize: number;

  /**
   * @param concurrency requests in flight: so many, or as many as the store takes
   * @param partSize bytes of the buffers that are asked for most; they are used again
   * @param memoryBytes what all buffers together may take
   */
  constructor(concurrency: number | Pace, partSize: number, memoryBytes: number = DEFAULT_MEMORY_BYTES) {
    const limit = typeof concurrency === 'number' ? concurrency : concurrency.limit;
    this.#requests = pLimit(limit);
    this.#largeFiles = pLimit(Math.min(limit, LARGE_FILES_AT_ONCE));
    if (typeof concurrency !== 'number') {
      concurrency.onChange((now) => {
        this.#requests.concurrency = now;
      });
    }
    this.memory = new ByteBudget(memoryBytes);
    this.#partSize = partSize;
  }

  /** Runs `work` with a buffer of exactly `bytes` in the turn of one request. The buffer is not kept afterwards. */
  withBuffer<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    return this.memory.run(bytes, () => this.#requests(() => this.#lend(bytes, work)));
  }

  /** Runs `work`, which sends `bytes` that are in memory already, in the turn of one request. */
  withBytes<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    return this.memory.run(bytes, () => {
      this.#makeRoom();
      return this.#requests(work);
    });
  }

  /** Takes a buffer of the budget, to be filled before there is anything to send. Exactly one of its methods ends it. */
  async lease(bytes: number): Promise<Lease> {
    const leased = Promise.withResolvers<Lease>();
    const done = this.memory.run(bytes, () =>
      this.#lend(bytes, (buffer) => {
        const held = Promise.withResolvers<void>();
        const send = (work: () => Promise<void>) => {
          const sent = this.#requests(work);
          sent.then(held.resolve, held.reject);
          return sent;
        };
        leased.resolve({ buffer, send, release: held.resolve });
        return held.promise;
      }),
    );
    // Whoever sends is told of a failure by what `send` returns.
    done.catch(() => {});
    return leased.promise;
  }

  largeFile<T>(work: () => Promise<T>): Promise<T> {
    return this.#largeFiles(work);
  }

  /** Part-sized buffers are used again: fresh ones would pile up faster than the collector returns them. */
  async #lend<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    if (bytes !== this.#partSize) {
      this.#makeRoom();
      return work(Buffer.allocUnsafeSlow(bytes));
    }
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(bytes);
    const result = await work(buffer);
    // Only after success: an aborted request may still be reading from the buffer.
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
    return result;
  }

  /** Spare buffers are kept only as long as they fit into the budget beside those in use. */
  #makeRoom(): void {
    while (this.#spare.length * this.#partSize > this.memory.freeBytes) {
      const buffer = this.#spare.pop();
      if (buffer !== undefined) freeMemory(buffer);
    }
  }
}
