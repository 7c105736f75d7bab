import { placeKey, type SpooledPack, spoolByPack } from '../pack/pack-spools.ts';
import { isSmall } from '../pack/small-member.ts';
import type { FileEntry, Slice } from '../series/model.ts';
import { SortedSpool } from '../sorted-spool.ts';
import type { Step } from './types.ts';

export type PackedEntry = FileEntry & { readonly slice: Slice };

/** A file that comes out of a pack together with its neighbours. */
export interface PackedStep extends Step {
  readonly entry: PackedEntry;
}

export function isSmallMember(entry: FileEntry): entry is PackedEntry {
  const { slice, size } = entry;
  return slice !== undefined && isSmall(size, slice.bytes);
}

/** Collects what is to be taken from packs and puts it into the order in which it lies there. */
export class PackedSteps {
  readonly #sorted: SortedSpool<{ readonly key: string; readonly step: PackedStep }>;
  readonly #directory: string;

  /** @param directory absolute; for lists that are too long for memory */
  constructor(directory: string) {
    this.#directory = directory;
    this.#sorted = new SortedSpool(directory);
  }

  async add(step: PackedStep): Promise<void> {
    const { key, slice } = step.entry;
    // Keys have no NUL, so those of one pack stay together.
    await this.#sorted.add({ key: `${key}\0${placeKey(slice, slice.skip)}\0${step.key}`, step });
  }

  /** To be called once, after the last step is added. */
  async byPack(): Promise<SpooledPack<PackedStep>[]> {
    const steps = stepsOf(this.#sorted.sorted());
    return spoolByPack(steps, ({ entry: { key, slice } }) => ({ pack: key, part: slice }), this.#directory);
  }

  /** May be called at any time and more than once. */
  remove(): Promise<void> {
    return this.#sorted.remove();
  }
}

async function* stepsOf(items: AsyncIterable<{ readonly step: PackedStep }>): AsyncGenerator<PackedStep> {
  for await (const { step } of items) yield step;
}
