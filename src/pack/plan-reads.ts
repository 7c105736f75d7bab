/** A part of a pack: whole frames. */
export interface PackPart {
  readonly offset: number;
  /** As stored. */
  readonly bytes: number;
}

/** One request, and what is wanted of its bytes. */
export interface PackRead<T> {
  /** Of the pack, from 0. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  readonly slices: readonly (PackPart & { readonly items: readonly T[] })[];
}

export interface ReadLimits {
  /** Of a request that is for more than one slice. */
  readonly maxBytes: number;
  /** Of one request, so that what is held of an index does not depend on its length. */
  readonly maxItems: number;
}

/** From this share on a pack is read through, gaps included: one long request costs less than many short ones. */
const READ_THROUGH_SHARE = 0.5;

/** Adds up how much of a pack is wanted. To be told of every slice, by offset; the same ones may come again. */
export class NeededBytes {
  #end = 0;
  #bytes = 0;

  add({ offset, bytes }: PackPart): void {
    const end = offset + bytes;
    if (end <= this.#end) return;
    this.#bytes += end - Math.max(offset, this.#end);
    this.#end = end;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether so much is wanted that the gaps are not worth the requests they save. */
  readsThrough(packBytes: number): boolean {
    return this.#bytes > packBytes * READ_THROUGH_SHARE;
  }
}

/**
 * Joins slices of a pack to requests: those that touch or overlap, and with `readsThrough` also those with something
 * between them. A request ends where a slice does.
 *
 * @param items by the offsets of their slices
 */
export async function* planReads<T>(
  items: AsyncIterable<T>,
  partOf: (item: T) => PackPart,
  readsThrough: boolean,
  limits: ReadLimits,
): AsyncGenerator<PackRead<T>> {
  let open: OpenRead<T> | undefined;
  for await (const item of items) {
    const part = partOf(item);
    if (open !== undefined && !open.takes(part, readsThrough, limits)) {
      yield open.read();
      open = undefined;
    }
    open ??= new OpenRead(part.offset);
    open.add(part, item);
  }
  if (open !== undefined) yield open.read();
}

class OpenRead<T> {
  readonly #start: number;
  readonly #slices: (PackPart & { readonly items: T[] })[] = [];
  #end: number;
  #count = 0;

  constructor(start: number) {
    this.#start = start;
    this.#end = start;
  }

  takes({ offset, bytes }: PackPart, readsThrough: boolean, { maxBytes, maxItems }: ReadLimits): boolean {
    if (this.#count >= maxItems) return false;
    const end = offset + bytes;
    const isInside = end <= this.#end;
    const touches = offset <= this.#end || readsThrough;
    return isInside || (touches && end - this.#start <= maxBytes);
  }

  add({ offset, bytes }: PackPart, item: T): void {
    this.#count += 1;
    this.#end = Math.max(this.#end, offset + bytes);
    const last = this.#slices.at(-1);
    if (last?.offset === offset && last.bytes === bytes) last.items.push(item);
    else this.#slices.push({ offset, bytes, items: [item] });
  }

  read(): PackRead<T> {
    return { start: this.#start, end: this.#end, slices: this.#slices };
  }
}
