import { freeMemory } from '../free-memory.ts';

/**
 * Large buffers of one size, used again: fresh ones would pile up faster than the collector returns them. The pool answers
 * for so many, those that are out and those that are spare.
 */
export class BufferPool {
  /** Bytes of each. */
  readonly size: number;
  readonly #count: number;
  readonly #spare: Buffer[] = [];
  #out = 0;

  /** @param count of the buffers that memory was set aside for */
  constructor(size: number, count: number) {
    this.size = size;
    this.#count = count;
  }

  /** With any content. */
  take(): Buffer {
    this.#out += 1;
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** From here on somebody else answers for a buffer that was taken. */
  handOver(): void {
    this.#out -= 1;
  }

  /** Of what was handed over, only what nobody reads from any more, not even a request that was aborted. */
  giveBack(buffer: Buffer): void {
    if (this.#out + this.#spare.length < this.#count) this.#spare.push(buffer);
    else freeMemory(buffer);
  }
}
