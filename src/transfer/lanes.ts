import pLimit, { type LimitFunction } from 'p-limit';
import { ByteBudget } from './byte-budget.ts';

const MIB = 1024 * 1024;

/** All part buffers together, unless two parts alone are larger. */
export const BUFFER_BUDGET_BYTES = 128 * MIB;

/** Kept for the next part while none is under way; small files may need the memory meanwhile. */
const MAX_SPARE_BUFFERS = 8;

/** Large files open at once; their parts share the lanes, so this only hides the latency of opening and completing. */
export const LARGE_FILES_AT_ONCE = 8;

/**
 * What bounds a transfer: requests in flight, bytes in buffers and open large files. Memory depends on these alone.
 *
 * Bytes are always taken before a request's turn, never the other way round: two orders could wait for each other.
 */
export class Lanes {
  readonly #requests: LimitFunction;
  readonly #buffers: ByteBudget;
  readonly #largeFiles: LimitFunction;
  readonly #spare: Buffer[] = [];
  readonly #partSize: number;

  constructor(concurrency: number, partSize: number) {
    this.#requests = pLimit(concurrency);
    this.#largeFiles = pLimit(Math.min(concurrency, LARGE_FILES_AT_ONCE));
    this.#buffers = new ByteBudget(Math.min(concurrency * partSize, Math.max(BUFFER_BUDGET_BYTES, 2 * partSize)));
    this.#partSize = partSize;
  }

  /** Runs `work` with a buffer of exactly `bytes` in the turn of one request. The buffer is not kept afterwards. */
  withBuffer<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    return this.#buffers.run(bytes, () => this.#requests(() => this.#lend(bytes, work)));
  }

  largeFile<T>(work: () => Promise<T>): Promise<T> {
    return this.#largeFiles(work);
  }

  /** Part-sized buffers are used again: fresh ones would pile up faster than the collector returns them. */
  async #lend<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    if (bytes !== this.#partSize) return work(Buffer.allocUnsafeSlow(bytes));
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(bytes);
    const result = await work(buffer);
    // Only after success: an aborted request may still be reading from the buffer.
    if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
    return result;
  }
}
