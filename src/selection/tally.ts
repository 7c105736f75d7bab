import type { Totals } from '../series/model.ts';
import type { SelectedEntry, SelectedFile, Selection } from './types.ts';

/** How many of the largest files a selection names. */
export const MAX_LARGEST_FILES = 10;

type LargeFile = Selection['largest'][number];

/** Counts entries as they come by. */
export class Tally {
  readonly #totals = { files: 0, symlinks: 0, directories: 0, bytes: 0 };
  readonly #small = { files: 0, bytes: 0 };
  readonly #largest: LargeFile[] = [];
  readonly #smallBelow: number;

  /** @param smallBelow bytes; smaller files are counted as small */
  constructor(smallBelow = 0) {
    this.#smallBelow = smallBelow;
  }

  add(entry: SelectedEntry): void {
    if (entry.type === 'symlink') this.#totals.symlinks += 1;
    else if (entry.type === 'directory') this.#totals.directories += 1;
    else this.#addFile(entry);
  }

  get totals(): Totals {
    return { ...this.#totals };
  }

  get small(): Selection['small'] {
    return { ...this.#small };
  }

  /** Largest first; of equal ones the one that came first. */
  get largest(): readonly LargeFile[] {
    return [...this.#largest];
  }

  #addFile({ path, size }: SelectedFile): void {
    this.#totals.files += 1;
    this.#totals.bytes += size;
    if (size < this.#smallBelow) {
      this.#small.files += 1;
      this.#small.bytes += size;
    }
    const smallest = this.#largest.at(-1);
    if (this.#largest.length === MAX_LARGEST_FILES && smallest !== undefined && smallest.size >= size) return;
    const behind = this.#largest.findIndex((other) => other.size < size);
    this.#largest.splice(behind === -1 ? this.#largest.length : behind, 0, { path, size });
    this.#largest.length = Math.min(this.#largest.length, MAX_LARGEST_FILES);
  }
}
