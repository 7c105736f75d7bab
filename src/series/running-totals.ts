import type { Entry, Totals } from './model.ts';

/** Counts entries as they go by. */
export class RunningTotals {
  readonly #totals = { files: 0, symlinks: 0, directories: 0, bytes: 0 };

  add(entry: Entry): void {
    if (entry.type === 'symlink') this.#totals.symlinks += 1;
    else if (entry.type === 'directory') this.#totals.directories += 1;
    else {
      this.#totals.files += 1;
      this.#totals.bytes += entry.size;
    }
  }

  current(): Totals {
    return { ...this.#totals };
  }
}
