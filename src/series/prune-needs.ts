import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { byteOrder } from '../byte-order.ts';
import { isClass } from '../errors.ts';
import { SortedSpool } from '../sorted-spool.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { fetchIndex } from './index-file.ts';
import type { SeriesKeys } from './keys.ts';
import { type Leaning, type Lineage, unknownNeeds } from './prune-lineage.ts';
import type { PruneTally } from './prune-outcome.ts';
import { ownerOf } from './version-references.ts';

interface NeededKey {
  /** See {@link byteOrder}. */
  readonly key: string;
}

export interface NeedsPorts {
  readonly store: ObjectStore;
  readonly keys: SeriesKeys;
  /** Absolute; for what memory does not hold. */
  readonly temporaryDirectory: string;
  readonly tally: PruneTally;
}

/** Which objects of versions without a record are needed by versions that stay. */
export class Needs {
  /** IDs of which some objects are needed, in the order in which their keys are listed. */
  readonly partly: readonly string[];
  /** IDs of which all objects may be needed. */
  readonly whole: ReadonlySet<string>;
  readonly #spool: SortedSpool<NeededKey>;
  readonly #keys: SeriesKeys;

  private constructor(
    partly: readonly string[],
    whole: ReadonlySet<string>,
    spool: SortedSpool<NeededKey>,
    keys: SeriesKeys,
  ) {
    this.partly = partly;
    this.whole = whole;
    this.#spool = spool;
    this.#keys = keys;
  }

  /**
   * Reads the indexes of those versions that stay and lean on one of `candidates`.
   * @param stay IDs of the versions that stay
   */
  static async read(
    candidates: ReadonlySet<string>,
    stay: ReadonlySet<string>,
    { leanings, unreadable }: Lineage,
    ports: NeedsPorts,
  ): Promise<Needs> {
    const spool = new SortedSpool<NeededKey>(ports.temporaryDirectory);
    const whole = new Set([...unreadable].some((id) => stay.has(id)) ? candidates : []);
    const leaning = [...leanings.values()].filter(({ id }) => stay.has(id));
    const leanedOn = new Set(leaning.flatMap(({ leansOn }) => leansOn).filter((id) => candidates.has(id)));
    try {
      for (const one of leaning) {
        const bases = new Set(one.leansOn.filter((id) => leanedOn.has(id) && !whole.has(id)));
        if (bases.size > 0 && !(await addKeys(one, bases, spool, ports))) for (const id of bases) whole.add(id);
      }
    } catch (error) {
      await spool.remove();
      throw error;
    }
    const partly = [...leanedOn].filter((id) => !whole.has(id)).sort((a, b) => compareDataOf(a, b, ports.keys));
    return new Needs(partly, whole, spool, ports.keys);
  }

  /**
   * Tells whether a key is needed; to be asked of keys below the data of {@link partly}, ascending as they are listed.
   */
  cursor(): NeededCursor {
    return new NeededCursor(this.#spool.sorted(), this.#keys);
  }

  /** Removes what is on disk. */
  close(): Promise<void> {
    return this.#spool.remove();
  }
}

/** One pass over sorted keys beside a listing in the same order: memory flat. */
export class NeededCursor {
  readonly #needed: AsyncIterator<NeededKey>;
  readonly #keys: SeriesKeys;
  #current: NeededKey | undefined;
  #isBegun = false;

  constructor(needed: AsyncIterator<NeededKey>, keys: SeriesKeys) {
    this.#needed = needed;
    this.#keys = keys;
  }

  async has(key: string): Promise<boolean> {
    const order = byteOrder(key.slice(this.#keys.base.length));
    if (!this.#isBegun) await this.#advance();
    while (this.#current !== undefined && this.#current.key < order) await this.#advance();
    return this.#current?.key === order;
  }

  async close(): Promise<void> {
    await this.#needed.return?.();
  }

  async #advance(): Promise<void> {
    this.#isBegun = true;
    const { done, value } = await this.#needed.next();
    this.#current = done ? undefined : value;
  }
}

/** @returns false where the index cannot be read, so that nobody knows which objects are needed */
async function addKeys(
  { id, index: reference }: Leaning,
  bases: ReadonlySet<string>,
  spool: SortedSpool<NeededKey>,
  { store, keys, temporaryDirectory, tally }: NeedsPorts,
): Promise<boolean> {
  try {
    const index = await fetchIndex(store, keys, reference, join(temporaryDirectory, `needs-${randomUUID()}`));
    try {
      let last: string | undefined;
      for await (const entry of index.entries()) {
        if (entry.type !== 'file' || entry.key === last || !bases.has(ownerOf(entry.key) ?? '')) continue;
        last = entry.key;
        await spool.add({ key: byteOrder(entry.key) });
      }
    } finally {
      await index.close();
    }
    return true;
  } catch (error) {
    if (!isClass(error, 'not-found', 'permanent') || error.details.httpStatus === 403) throw error;
    tally.warnings.push(unknownNeeds(keys.index(id)));
    return false;
  }
}

function compareDataOf(a: string, b: string, keys: SeriesKeys): number {
  return byteOrder(keys.dataPrefix(a)) < byteOrder(keys.dataPrefix(b)) ? -1 : 1;
}
