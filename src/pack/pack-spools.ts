import { LineSpool } from '../line-spool.ts';
import { NeededBytes, type PackPart } from './plan-reads.ts';

/** What is wanted of one pack. The list is on disk. */
export interface SpooledPack<T> {
  /** Of the pack, relative to the series. */
  readonly key: string;
  /** Of the pack as stored, as far as it is wanted. */
  readonly needed: NeededBytes;
  /** By place in the pack; to be read as often as needed. */
  items(): AsyncGenerator<T>;
  remove(): Promise<void>;
}

/** Sorts by place in a pack, after a text that stands for the pack. */
export function placeKey({ offset }: PackPart, skip: number): string {
  return `${padded(offset)}${padded(skip)}`;
}

/** Safe integers have at most 16 digits. */
function padded(number: number): string {
  return String(number).padStart(16, '0');
}

/**
 * Puts what is wanted of each pack into a list of its own. Memory depends on the number of packs.
 *
 * @param sorted by pack, then by place: see {@link placeKey}
 * @param directory absolute; for the lists
 */
export async function spoolByPack<T>(
  sorted: AsyncIterable<T>,
  describe: (item: T) => { readonly pack: string; readonly part: PackPart },
  directory: string,
): Promise<SpooledPack<T>[]> {
  const packs: (SpooledPack<T> & { readonly spool: LineSpool })[] = [];
  try {
    for await (const item of sorted) {
      const { pack, part } = describe(item);
      let last = packs.at(-1);
      if (last?.key !== pack) {
        await last?.spool.finish();
        last = spooled<T>(pack, await LineSpool.create(directory, 'pack'));
        packs.push(last);
      }
      last.needed.add(part);
      await last.spool.append(`${JSON.stringify(item)}\n`);
    }
    await packs.at(-1)?.spool.finish();
    return packs;
  } catch (error) {
    await Promise.all(packs.map((pack) => pack.remove()));
    throw error;
  }
}

function spooled<T>(key: string, spool: LineSpool): SpooledPack<T> & { readonly spool: LineSpool } {
  async function* items(): AsyncGenerator<T> {
    for await (const line of spool.lines()) yield JSON.parse(line);
  }
  return { key, needed: new NeededBytes(), spool, items, remove: () => spool.remove() };
}
