import type { BatchItem, ReadOptions } from './batch.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { OpenBatch, PackEngine } from './engine.ts';

/** Works in this thread: for jobs that are over before another thread would have started. */
export class InlineEngine implements PackEngine {
  readonly batchesAtOnce = 1;
  readonly #builder: BatchBuilder;
  #batches = 0;

  constructor(options: ReadOptions & { readonly level: number }) {
    this.#builder = new BatchBuilder(options);
  }

  async read(items: readonly BatchItem[]): Promise<OpenBatch> {
    const batch = this.#batches++;
    const outcomes = this.#builder.read(batch, items);
    return { outcomes, build: async (decisions) => this.#builder.build(batch, decisions) };
  }

  async close(): Promise<void> {}
}
