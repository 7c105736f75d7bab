/**
 * Runs `work` on every item, up to `window` items begun and not yet delivered, and delivers the results in the order of
 * the items. Memory depends on `window` only.
 *
 * When `work` fails no further item is begun; what is under way is awaited before the error is thrown, so that nothing
 * goes on behind the caller's back. The same holds when the caller stops iterating.
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T>,
  window: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  let failed = false;
  const begin = (item: T): Promise<R> => {
    const result = work(item);
    result.catch(() => {
      failed = true;
    });
    return result;
  };
  try {
    for await (const item of items) {
      if (failed) break;
      begun.push(begin(item));
      if (begun.length >= window) yield await shiftFrom(begun);
    }
    while (begun.length > 0) yield await shiftFrom(begun);
  } finally {
    await Promise.allSettled(begun);
  }
}

/** The oldest result; it stays in the list until it is there, so that a failure elsewhere still awaits it. */
async function shiftFrom<R>(begun: Promise<R>[]): Promise<R> {
  const result = await (begun[0] as Promise<R>);
  begun.shift();
  return result;
}
