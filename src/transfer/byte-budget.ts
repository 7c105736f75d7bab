interface Waiting {
  readonly bytes: number;
  readonly proceed: () => void;
}

/**
 * A semaphore counted in bytes: bounds the memory of all buffers in flight. First come, first served; what is larger
 * than the whole budget runs alone.
 */
export class ByteBudget {
  readonly #capacity: number;
  readonly #queue: Waiting[] = [];
  #used = 0;

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
  }

  get capacityBytes(): number {
    return this.#capacity;
  }

  /** Never negative: what is larger than the budget leaves nothing. */
  get freeBytes(): number {
    return Math.max(0, this.#capacity - this.#used);
  }

  /** Runs `work` once `bytes` are free, and holds them until it is done. */
  async run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    await this.#acquire(bytes);
    try {
      return await work();
    } finally {
      this.#used -= bytes;
      this.#admit();
    }
  }

  async #acquire(bytes: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push({ bytes, proceed: resolve });
    this.#admit();
    await promise;
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined && this.#fits(next.bytes); next = this.#queue[0]) {
      this.#queue.shift();
      this.#used += next.bytes;
      next.proceed();
    }
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#capacity;
  }
}
