/** Kept for use again; more are only made where so many are under way at once. */
const MAX_SPARE = 4;

/** Large buffers of one size, used again: fresh ones would pile up faster than the collector returns them. */
export class BufferPool {
  /** Bytes of each. */
  readonly size: number;
  readonly #spare: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** With any content. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Only what nobody reads from any more, not even a request that was aborted. */
  giveBack(buffer: Buffer): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }
}
