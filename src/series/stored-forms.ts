import type { Entry, FileEntry } from './model.ts';

/** How the files of a version are stored. */
export interface StoredForms {
  /** Files in packs. */
  readonly packed: number;
  /** Files that are objects of their own, compressed. */
  readonly compressed: number;
  /** Files that are objects of their own, as they are. */
  readonly loose: number;
  /** The largest file that is an object of its own. */
  readonly example?: {
    readonly path: string;
    /** Relative to the series. */
    readonly key: string;
    readonly isCompressed: boolean;
  };
}

/** Counts the forms of files as they go by. */
export class FormTally {
  readonly #counts = { packed: 0, compressed: 0, loose: 0 };
  #largest: FileEntry | undefined;

  add(entry: Entry): void {
    if (entry.type !== 'file') return;
    this.#counts[formOf(entry)] += 1;
    if (entry.slice === undefined && entry.size > (this.#largest?.size ?? -1)) this.#largest = entry;
  }

  current(): StoredForms {
    const largest = this.#largest;
    if (largest === undefined) return { ...this.#counts };
    const { path, key, stored } = largest;
    return { ...this.#counts, example: { path, key, isCompressed: stored !== undefined } };
  }
}

function formOf({ slice, stored }: FileEntry): 'packed' | 'compressed' | 'loose' {
  if (slice !== undefined) return 'packed';
  return stored === undefined ? 'loose' : 'compressed';
}
