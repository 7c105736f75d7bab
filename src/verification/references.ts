import { isDeepStrictEqual } from 'node:util';
import { byteOrder } from '../byte-order.ts';
import type { FileEntry } from '../series/model.ts';
import type { Receipt } from '../series/receipt.ts';
import type { PackReference } from '../series/record.ts';

/** Entries of one object that are held at once; an object with more of them is looked at again for the rest. */
const MAX_ENTRIES_HELD = 1000;

/** One entry of one version, and the object its bytes are in. */
export interface Reference {
  /** Sorts by the bytes of the object's key, then of the entry's path, then by version. */
  readonly key: string;
  readonly path: string;
  /** ID. */
  readonly version: string;
  /** Bytes of the file. */
  readonly content: number;
  /** Of the object, as stored. */
  readonly size: number;
  /** Of the object as stored, 64 hex digits. */
  readonly sha256: string;
  readonly form: ObjectForm;
  /** Of the object. */
  readonly receipt?: Receipt;
}

/** What an object is: a file as it is, a file compressed (with what it decodes to), or many files. */
export type ObjectForm =
  | { readonly kind: 'plain' }
  | { readonly kind: 'compressed'; readonly size: number; readonly sha256: string }
  | { readonly kind: 'pack' };

/** An object as the indexes of one or more versions describe it. */
export interface ExpectedObject {
  /** Relative to the series. */
  readonly key: string;
  /** See {@link byteOrder}. */
  readonly order: string;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly form: ObjectForm;
  readonly receipt?: Receipt;
  readonly entries: readonly { readonly path: string; readonly versions: readonly string[] }[];
  /** Of all entries of all versions. */
  readonly amount: { readonly files: number; readonly bytes: number };
  /** The object came by before: with more entries, or described in another way. */
  readonly isRepeated: boolean;
}

/** @param pack the pack the entry is in, as its record lists it; only for packed ones */
export function referenceOf(entry: FileEntry, version: string, pack?: PackReference): Reference {
  const { key, path } = entry;
  // Keys have no NUL, so those of other objects stay together.
  return {
    key: `${byteOrder(key)}\0${byteOrder(path)}\0${version}`,
    path,
    version,
    content: entry.size,
    ...objectOf(entry, pack),
  };
}

type ObjectFacts = Pick<Reference, 'size' | 'sha256' | 'form' | 'receipt'>;

function objectOf(entry: FileEntry, pack: PackReference | undefined): ObjectFacts {
  const { size, sha256, stored } = entry;
  const { receipt } = pack ?? entry;
  const facts = receipt === undefined ? {} : { receipt };
  if (pack !== undefined) return { size: pack.bytes, sha256: pack.sha256, form: { kind: 'pack' }, ...facts };
  if (stored === undefined) return { size, sha256, form: { kind: 'plain' }, ...facts };
  return { size: stored.bytes, sha256: stored.sha256, form: { kind: 'compressed', size, sha256 }, ...facts };
}

/**
 * Gathers the references to each object.
 * @param sorted by key
 */
export async function* expectedObjects(sorted: AsyncIterable<Reference>): AsyncGenerator<ExpectedObject> {
  let gathered: Gathered | undefined;
  for await (const reference of sorted) {
    if (gathered?.takes(reference)) {
      gathered.add(reference);
      continue;
    }
    if (gathered !== undefined) yield gathered.object();
    gathered = new Gathered(reference, gathered?.order);
  }
  if (gathered !== undefined) yield gathered.object();
}

class Gathered {
  readonly order: string;
  readonly #first: Reference;
  readonly #isRepeated: boolean;
  readonly #entries: { readonly path: string; readonly versions: string[] }[] = [];
  readonly #amount = { files: 0, bytes: 0 };

  constructor(first: Reference, previousOrder: string | undefined) {
    this.order = orderOf(first);
    this.#first = first;
    this.#isRepeated = this.order === previousOrder;
    this.add(first);
  }

  takes(reference: Reference): boolean {
    const isSame = orderOf(reference) === this.order && isSameDescription(reference, this.#first);
    return isSame && (this.#entries.length < MAX_ENTRIES_HELD || this.#entries.at(-1)?.path === reference.path);
  }

  add({ path, version, content }: Reference): void {
    this.#amount.files += 1;
    this.#amount.bytes += content;
    const last = this.#entries.at(-1);
    if (last?.path === path) last.versions.push(version);
    else this.#entries.push({ path, versions: [version] });
  }

  object(): ExpectedObject {
    const { size, sha256, form, receipt } = this.#first;
    return {
      key: Buffer.from(this.order, 'latin1').toString('utf8'),
      order: this.order,
      size,
      sha256,
      form,
      ...(receipt && { receipt }),
      entries: this.#entries,
      amount: this.#amount,
      isRepeated: this.#isRepeated,
    };
  }
}

/** Whether two descriptions of one object say the same. */
export function isSameDescription(a: ObjectFacts, b: ObjectFacts): boolean {
  return (
    a.size === b.size &&
    a.sha256 === b.sha256 &&
    isDeepStrictEqual(a.form, b.form) &&
    isDeepStrictEqual(a.receipt, b.receipt)
  );
}

function orderOf({ key }: Reference): string {
  return key.slice(0, key.indexOf('\0'));
}
