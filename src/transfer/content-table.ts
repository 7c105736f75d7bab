import type { FileEntry } from '../series/model.ts';

/** Where the bytes of a file are in the store. */
export type Location = Pick<FileEntry, 'key' | 'stored' | 'slice'>;

/** A content that this version has already. */
export interface KnownContent {
  /** Of the first file with it. */
  readonly path: string;
  /** Once it is known: a pack's place in the order comes later than its content. */
  readonly location: Promise<Location>;
  /** The same for all names of one file, where it has several. */
  readonly inode?: string;
}

/**
 * Contents remembered, some 10 MB of memory. Beyond it the oldest is forgotten: a file equal to one that came more than
 * this many different ones earlier is stored once more.
 */
export const MAX_KNOWN_CONTENTS = 32_768;

/** What was stored already, by its SHA-256, so that equal files are stored once. */
export class ContentTable {
  readonly #known = new Map<string, KnownContent>();

  find(sha256: string): KnownContent | undefined {
    return this.#known.get(sha256);
  }

  remember(sha256: string, content: KnownContent): void {
    this.#known.set(sha256, content);
    if (this.#known.size <= MAX_KNOWN_CONTENTS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The location for a file that is not the first with this content: in a pack it goes by the name of the first. */
export function locationOf(known: Pick<KnownContent, 'path'>, location: Location): Location {
  if (location.slice === undefined) return location;
  return { ...location, slice: { ...location.slice, member: location.slice.member ?? known.path } };
}
