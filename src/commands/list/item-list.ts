import { LineSpool } from '../../line-spool.ts';
import { OUTPUT_LIMIT_BYTES } from '../../report/list/outputs.ts';
import type { Items } from '../../report/list/types.ts';
import type { CommandPorts } from '../ports.ts';

/** Begins with whose it is. */
const FILE_NAME = 'versioned-s3-backup-list';

/** Collects what is listed: all of it in a file, the first of it in memory, as much as an output holds. */
export class ItemList<T> {
  readonly #spool: LineSpool;
  readonly #first: T[] = [];
  #count = 0;
  /** Of the JSON array of the first items: its brackets are there from the start. */
  #bytes = 2;
  #isFull = false;

  private constructor(spool: LineSpool) {
    this.#spool = spool;
  }

  /**
   * Makes a list of what `fill` adds. The file stays, for the steps that come after this one.
   * @returns the list, and what `fill` returned
   */
  static async collect<T, R = void>(
    { temporaryDirectory, lastingDirectory }: Pick<CommandPorts, 'temporaryDirectory' | 'lastingDirectory'>,
    fill: (list: ItemList<T>) => Promise<R>,
  ): Promise<{ readonly items: Items<T>; readonly result: R }> {
    const list = new ItemList<T>(await LineSpool.create(temporaryDirectory, FILE_NAME));
    try {
      const result = await fill(list);
      await list.#spool.finish();
      const file = await list.#spool.keepIn(lastingDirectory);
      return { items: { first: list.#first, count: list.#count, file }, result };
    } catch (error) {
      await list.#spool.remove();
      throw error;
    }
  }

  async add(item: T): Promise<void> {
    const json = JSON.stringify(item);
    await this.#spool.append(`${json}\n`);
    this.#count += 1;
    // A comma stands before all items but the first.
    const bytes = Buffer.byteLength(json) + (this.#first.length === 0 ? 0 : 1);
    this.#isFull ||= this.#bytes + bytes > OUTPUT_LIMIT_BYTES;
    if (this.#isFull) return;
    this.#bytes += bytes;
    this.#first.push(item);
  }
}
