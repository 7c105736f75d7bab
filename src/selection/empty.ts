import type { Selection, Skipped } from './types.ts';

const NOTHING: Skipped = { count: 0, examples: [] };

/** Of a backup that is asked for no files. */
export function emptySelection(): Selection {
  return {
    totals: { files: 0, symlinks: 0, directories: 0, bytes: 0 },
    small: { files: 0, bytes: 0 },
    largest: [],
    skipped: { hidden: NOTHING, credentials: NOTHING, special: NOTHING },
    vanished: NOTHING,
    async *entries() {},
    async close() {},
  };
}
