import { byteOrder } from '../../byte-order.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import type { FileEntry } from '../../series/model.ts';
import type { PackReference } from '../../series/record.ts';
import { ownerOf } from '../../series/version-references.ts';
import { SortedSpool } from '../../sorted-spool.ts';
import type { ListedObject, ObjectStore } from '../../store/object-store.ts';
import { mapOrdered } from '../../transfer/map-ordered.ts';
import { type FoundObject, joinListing } from '../../verification/join-listing.ts';
import type { CommandPorts } from '../ports.ts';

/** Listings whose first page is asked for at the same time. */
const LISTINGS_AT_ONCE = 8;

/** An object a version refers to. The key is in the byte order of keys. */
interface ObjectSize {
  readonly key: string;
  /** Bytes, as stored. */
  readonly size: number;
}

/** The objects a version refers to, gathered while its index goes by, and then compared with what is stored. */
export class BaseObjects {
  readonly #spool: SortedSpool<ObjectSize>;
  /** IDs of the versions whose data they are. */
  readonly #owners = new Set<string>();

  /** @param directory absolute, for what memory does not hold */
  constructor(directory: string) {
    this.#spool = new SortedSpool(directory);
  }

  /** A file in a pack adds nothing: the record lists the packs. */
  async addFile({ key, size, stored, slice }: FileEntry): Promise<void> {
    if (slice === undefined) await this.#add(key, stored?.bytes ?? size);
  }

  addPack({ key, bytes }: PackReference): Promise<void> {
    return this.#add(key, bytes);
  }

  /**
   * Lists the data of each version that has some of them once, one LIST per 1,000 objects. To be called once.
   *
   * @returns keys, relative to the series, of objects that are missing or have another size
   */
  async damaged(keys: SeriesKeys, { store, log }: CommandPorts): Promise<ReadonlySet<string>> {
    const damaged = new Set<string>();
    for await (const { expected, found } of joinListing(this.#expected(), listed([...this.#owners], keys, store))) {
      if (expected === undefined || found?.size === expected.size) continue;
      const key = Buffer.from(expected.order, 'latin1').toString('utf8');
      if (damaged.has(key)) continue;
      damaged.add(key);
      const problem = found === undefined ? 'is not there' : `has ${found.size} bytes instead of ${expected.size}`;
      log.warn({
        kind: 'base-damaged',
        message:
          'Objects of older versions are damaged, so what they held is sent again; `verify` with `version: all` names the versions that are hurt.',
        subject: `${keys.base}${key} ${problem}`,
      });
    }
    return damaged;
  }

  /** Removes what is on disk. */
  close(): Promise<void> {
    return this.#spool.remove();
  }

  #add(key: string, size: number): Promise<void> {
    const owner = ownerOf(key);
    if (owner !== undefined) this.#owners.add(owner);
    return this.#spool.add({ key: byteOrder(key), size });
  }

  async *#expected(): AsyncGenerator<{ readonly order: string; readonly size: number }> {
    for await (const { key, size } of this.#spool.sorted()) yield { order: key, size };
  }
}

/** All data of the versions, in the order of the keys. */
async function* listed(
  ids: readonly string[],
  keys: SeriesKeys,
  store: Pick<ObjectStore, 'list'>,
): AsyncGenerator<FoundObject> {
  const prefixes = ids.map((id) => keys.dataPrefix(id)).sort((a, b) => (byteOrder(a) < byteOrder(b) ? -1 : 1));
  const begun = mapOrdered(prefixes, LISTINGS_AT_ONCE, async (prefix) => {
    const objects = store.list(prefix)[Symbol.asyncIterator]();
    return { objects, first: await objects.next() };
  });
  for await (const { objects, first } of begun) {
    for (let next: IteratorResult<ListedObject> = first; !next.done; next = await objects.next()) {
      yield { key: next.value.key.slice(keys.base.length), size: next.value.size };
    }
  }
}
