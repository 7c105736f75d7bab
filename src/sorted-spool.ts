import { LineSpool } from './line-spool.ts';

/** Text of the items that are held and sorted in memory; what is more goes to disk, one sorted run after the other. */
export const RUN_CHARACTERS = 16 * 1024 * 1024;

/** What can be sorted: plain JSON with the key to sort by. */
export interface Sortable {
  readonly key: string;
}

interface Held {
  readonly key: string;
  readonly line: string;
}

/** Sorts more items than memory holds, by the UTF-16 units of their keys. Items of equal keys come in any order. */
export class SortedSpool<T extends Sortable> {
  readonly #directory: string;
  readonly #runCharacters: number;
  readonly #runs: LineSpool[] = [];
  #held: Held[] = [];
  #characters = 0;

  /** @param directory absolute; has to exist */
  constructor(directory: string, runCharacters = RUN_CHARACTERS) {
    this.#directory = directory;
    this.#runCharacters = runCharacters;
  }

  /** @throws BackupError of class `local`, for instance when the disk is full */
  async add(item: T): Promise<void> {
    const line = `${JSON.stringify(item)}\n`;
    this.#held.push({ key: item.key, line });
    this.#characters += line.length;
    if (this.#characters >= this.#runCharacters) await this.#spill();
  }

  /** All items, ascending. To be called once, after the last is added. */
  async *sorted(): AsyncGenerator<T> {
    const last = itemsOf<T>(this.#takeHeld());
    if (this.#runs.length === 0) yield* last;
    else yield* merged([...this.#runs.map((run) => itemsOf<T>(run.lines())), last]);
  }

  /** Removes what is on disk; may be called at any time and more than once. */
  async remove(): Promise<void> {
    this.#held = [];
    await Promise.all(this.#runs.map((run) => run.remove()));
  }

  #takeHeld(): string[] {
    const held = this.#held;
    this.#held = [];
    this.#characters = 0;
    return held.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ line }) => line);
  }

  async #spill(): Promise<void> {
    const run = await LineSpool.create(this.#directory, 'sorted');
    this.#runs.push(run);
    for (const line of this.#takeHeld()) await run.append(line);
    await run.finish();
  }
}

async function* itemsOf<T>(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<T> {
  for await (const line of lines) yield JSON.parse(line);
}

/** Merges sorted sources; they are few, so the least head is found by looking at all. */
async function* merged<T extends Sortable>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  try {
    const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
    let open = heads.filter(({ next }) => !next.done);
    while (open.length > 0) {
      const least = open.reduce((best, head) => (best.next.value.key <= head.next.value.key ? best : head));
      yield least.next.value;
      least.next = await least.source.next();
      if (least.next.done) open = open.filter((head) => head !== least);
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}
