import { byteOrder } from '../byte-order.ts';
import { BackupError } from '../errors.ts';
import type { ExpectedObject } from './references.ts';

/** What sorts as the listing does: by {@link byteOrder} of the key, relative to the series. */
interface Ordered {
  readonly order: string;
}

/** What a listing says of an object. */
export interface FoundObject {
  /** Relative to the series. Hostile text. */
  readonly key: string;
  readonly size: number;
  readonly etag?: string;
}

/** An object that is expected, found, or both. */
export type Joined<T extends Ordered = ExpectedObject> =
  | { readonly expected: T; readonly found?: FoundObject }
  | { readonly expected?: undefined; readonly found: FoundObject };

/**
 * Puts what is expected beside what the listing has: one pass over both, memory flat.
 *
 * @param expected ascending by `order`; the same object may come several times
 * @param listed ascending by the bytes of the keys, as S3 lists
 * @throws BackupError of class `permanent` for a listing in another order, which would make objects look absent
 */
export async function* joinListing<T extends Ordered>(
  expected: AsyncIterable<T>,
  listed: AsyncIterable<FoundObject>,
): AsyncGenerator<Joined<T>> {
  const listing = new Listing(listed[Symbol.asyncIterator]());
  try {
    await listing.advance();
    for await (const object of expected) {
      yield* listing.before(object.order);
      const { current } = listing;
      if (current?.order !== object.order) {
        yield { expected: object };
        continue;
      }
      listing.isExpected = true;
      yield { expected: object, found: current.object };
    }
    yield* listing.before(undefined);
  } finally {
    await listing.close();
  }
}

/** A listing, read one object at a time. */
class Listing {
  current: { readonly order: string; readonly object: FoundObject } | undefined;
  /** Whether the current object was asked for. */
  isExpected = false;
  readonly #objects: AsyncIterator<FoundObject>;

  constructor(objects: AsyncIterator<FoundObject>) {
    this.#objects = objects;
  }

  /** Goes on to the first object that is not before `order`, or to the end; yields those on the way nobody expected. */
  async *before(order: string | undefined): AsyncGenerator<Joined & { readonly expected?: undefined }> {
    while (this.current !== undefined && (order === undefined || this.current.order < order)) {
      if (!this.isExpected) yield { found: this.current.object };
      await this.advance();
    }
  }

  async advance(): Promise<void> {
    const previous = this.current?.order;
    const { done, value } = await this.#objects.next();
    this.isExpected = false;
    this.current = done ? undefined : { order: byteOrder(value.key), object: value };
    if (previous === undefined || this.current === undefined || previous < this.current.order) return;
    throw new BackupError("The store's listing is not in the order of keys, so what is missing cannot be told.", {
      class: 'permanent',
      operation: 'list',
      key: this.current.object.key,
    });
  }

  async close(): Promise<void> {
    await this.#objects.return?.();
  }
}
