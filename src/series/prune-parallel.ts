/** Requests a prune has under way at once; each may hold a batch of keys in memory. */
export const PRUNE_CONCURRENCY = 8;

/**
 * Runs `work` on every item, at most {@link PRUNE_CONCURRENCY} at once. After a failure nothing more is begun, and
 * what is under way is awaited before the error is thrown: nothing is deleted behind the caller's back.
 *
 * @returns the results in the order of the items
 */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(PRUNE_CONCURRENCY, items.length) }, worker);
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return results;
}
