import { comparePaths } from './entry-line.ts';

interface AtPath {
  readonly path: string;
}

/**
 * Merges two lists that are sorted by path: one pass, memory flat.
 *
 * @returns what both have of each path, in order: `[left, right]`, with undefined where a side has none
 */
export async function* pairByPath<L extends AtPath, R extends AtPath>(
  left: AsyncIterable<L>,
  right: AsyncIterable<R>,
): AsyncGenerator<[L | undefined, R | undefined]> {
  const lefts = left[Symbol.asyncIterator]();
  const rights = right[Symbol.asyncIterator]();
  try {
    let [a, b] = [await next(lefts), await next(rights)];
    while (a !== undefined || b !== undefined) {
      const order = a === undefined ? 1 : b === undefined ? -1 : comparePaths(a.path, b.path);
      yield [order <= 0 ? a : undefined, order >= 0 ? b : undefined];
      if (order <= 0) a = await next(lefts);
      if (order >= 0) b = await next(rights);
    }
  } finally {
    await Promise.all([lefts.return?.(), rights.return?.()]);
  }
}

async function next<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const { done, value } = await iterator.next();
  return done ? undefined : value;
}
