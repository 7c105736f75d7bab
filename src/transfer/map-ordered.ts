/**
 * Runs `work` on every item, up to `window` items begun and not yet delivered, and delivers the results in the order of
 * the items, each as soon as it and those before it are there. Memory depends on `window` only.
 *
 * When `work` fails no further item is begun; what is under way is awaited before the error is thrown, so that nothing
 * goes on behind the caller's back. The same holds when the caller stops iterating.
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  window: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  // By number: taking the first out of an array moves all others, which may be thousands.
  const begun = new Map<number, Begun<R>>();
  let [first, next] = [0, 0];
  let failed = false;
  const begin = (item: T) => {
    const job: Begun<R> = { result: work(item), isDone: false };
    job.result.then(
      () => {
        job.isDone = true;
      },
      () => {
        failed = true;
      },
    );
    begun.set(next++, job);
  };
  /** The oldest result; it stays among the others until it is there, so that a failure elsewhere still awaits it. */
  const deliver = async (): Promise<R> => {
    const result = await (begun.get(first) as Begun<R>).result;
    begun.delete(first++);
    return result;
  };
  try {
    for await (const item of items) {
      if (failed) break;
      begin(item);
      while (begun.size >= window || begun.get(first)?.isDone) yield await deliver();
    }
    while (begun.size > 0) yield await deliver();
  } finally {
    await Promise.allSettled(begun.values().map(({ result }) => result));
  }
}

interface Begun<R> {
  readonly result: Promise<R>;
  /** True once the result is there. */
  isDone: boolean;
}
