import type { Entry, FileEntry } from './model.ts';

/** How the files of a version are stored. */
export interface StoredForms {
  /** Files in packs. */
  readonly packed: number;
  /** Files that are objects of their own, compressed. */
  readonly compressed: number;
  /** Files that are objects of their own, as they are. */
  readonly loose: number;
  /** As {@link ownPrefixes} gives them, of the files of the version that are objects of their own. */
  readonly filesIn: readonly string[];
  /** The largest file that is an object of its own. */
  readonly example?: {
    readonly path: string;
    /** Relative to the series. */
    readonly key: string;
    readonly isCompressed: boolean;
  };
}

/** Where attempts at a version put files and packs: `data/<ID>/files/`, `data/<ID>/resumed-2/packs/` and so on. */
const PREFIX = /^data\/([^/]+)\/(?:resumed-\d+\/)?(?:files|packs)\//;

/** What a key begins with that is of the version itself, not of one it leans on, and can be fetched by its prefix. */
function ownPrefix(id: string, key: string): string | undefined {
  const [prefix, owner] = PREFIX.exec(key) ?? [];
  return owner === id ? prefix : undefined;
}

/**
 * Prefixes below which objects of a version are that it has stored itself, in the order of its attempts: each has its own.
 * @param keys relative to the series, as are the prefixes
 */
export function ownPrefixes(id: string, keys: Iterable<string>): readonly string[] {
  const prefixes = new Set<string>();
  for (const key of keys) {
    const prefix = ownPrefix(id, key);
    if (prefix !== undefined) prefixes.add(prefix);
  }
  return [...prefixes].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Counts the forms of files as they go by. */
export class FormTally {
  readonly #counts = { packed: 0, compressed: 0, loose: 0 };
  readonly #id: string;
  readonly #prefixes = new Set<string>();
  #largest: FileEntry | undefined;

  /** @param id of the version the files are of */
  constructor(id: string) {
    this.#id = id;
  }

  add(entry: Entry): void {
    if (entry.type !== 'file') return;
    this.#counts[formOf(entry)] += 1;
    if (entry.slice !== undefined) return;
    const prefix = ownPrefix(this.#id, entry.key);
    if (prefix !== undefined) this.#prefixes.add(prefix);
    if (entry.size > (this.#largest?.size ?? -1)) this.#largest = entry;
  }

  current(): StoredForms {
    const largest = this.#largest;
    const forms = { ...this.#counts, filesIn: ownPrefixes(this.#id, this.#prefixes) };
    if (largest === undefined) return forms;
    const { path, key, stored } = largest;
    return { ...forms, example: { path, key, isCompressed: stored !== undefined } };
  }
}

function formOf({ slice, stored }: FileEntry): 'packed' | 'compressed' | 'loose' {
  if (slice !== undefined) return 'packed';
  return stored === undefined ? 'loose' : 'compressed';
}
