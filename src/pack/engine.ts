import type { BatchItem, BuiltFrame, Decision, ReadOutcome } from './batch.ts';

/** A batch that is read and waits for what becomes of its items. */
export interface OpenBatch {
  /** One for every item. */
  readonly outcomes: readonly ReadOutcome[];
  /** To be called once. */
  build(decisions: readonly Decision[]): Promise<BuiltFrame>;
}

/**
 * Reads, hashes and compresses batches, in this thread or in others. Batches may be begun in parallel, and finished in
 * any order; how many is up to the caller, because each is held in memory.
 */
export interface PackEngine {
  /** Batches that keep it busy, one in waiting included. */
  readonly batchesAtOnce: number;
  read(items: readonly BatchItem[]): Promise<OpenBatch>;
  /** Ends it, whatever is under way. May be called more than once. */
  close(): Promise<void>;
}
