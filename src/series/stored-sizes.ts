import type { Entry } from './model.ts';
import type { PackReference } from './record.ts';

/** What the files of a version take in packs and compressed, beside what they are. Each entry counts, also of equal files. */
export interface StoredSizes {
  readonly packed: FileAmount;
  /** Whole packs, whatever share of them is this version's. */
  readonly packs: { readonly count: number; readonly bytes: number };
  /** Files that are objects of their own, compressed. */
  readonly compressed: FileAmount & { readonly storedBytes: number };
}

interface FileAmount {
  readonly files: number;
  /** Of the files. */
  readonly bytes: number;
}

/** Adds up the sizes of entries as they go by. */
export class SizeTally {
  readonly #packed = { files: 0, bytes: 0 };
  readonly #compressed = { files: 0, bytes: 0, storedBytes: 0 };

  add(entry: Entry): void {
    if (entry.type !== 'file') return;
    const { size, slice, stored } = entry;
    const amount = slice === undefined ? this.#compressed : this.#packed;
    if (slice === undefined && stored === undefined) return;
    amount.files += 1;
    amount.bytes += size;
    this.#compressed.storedBytes += stored?.bytes ?? 0;
  }

  /** @param packs of the version's record */
  current(packs: readonly PackReference[]): StoredSizes {
    return { packed: { ...this.#packed }, packs: packTotals(packs), compressed: { ...this.#compressed } };
  }
}

export function packTotals(packs: readonly Pick<PackReference, 'bytes'>[]): StoredSizes['packs'] {
  return { count: packs.length, bytes: packs.reduce((sum, { bytes }) => sum + bytes, 0) };
}
