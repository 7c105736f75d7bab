import { locationOf } from '../series/content-location.ts';
import type { ContentLocation } from '../series/model.ts';

/** A content that this version has already. */
export interface RememberedContent {
  /** Of the first file with it. */
  readonly path: string;
  /** Once it is known: a pack's place in the order comes later than its content. */
  readonly location: Promise<ContentLocation>;
  /** Bytes. */
  readonly size: number;
  /** The same for all names of one file, where it has several. */
  readonly inode?: string;
}

/** Contents remembered, some 3 MB of memory; more are found on disk, and would only give the garbage collector more to look at. */
export const MAX_KNOWN_CONTENTS = 8192;

/** What was stored already, by its SHA-256, so that equal files are stored once. */
export class ContentTable {
  readonly #forget: (sha256: string, content: RememberedContent) => void;
  readonly #known = new Map<string, RememberedContent>();

  /** @param forget told of the oldest where one more would be too many */
  constructor(forget: (sha256: string, content: RememberedContent) => void) {
    this.#forget = forget;
  }

  find(sha256: string): RememberedContent | undefined {
    return this.#known.get(sha256);
  }

  remember(sha256: string, content: RememberedContent): void {
    this.#known.set(sha256, content);
    if (this.#known.size <= MAX_KNOWN_CONTENTS) return;
    const [oldest] = this.#known;
    if (oldest === undefined) return;
    this.#known.delete(oldest[0]);
    this.#forget(...oldest);
  }
}

/** The location for a file that is not the first with this content: in a pack it goes by the name of the first. */
export function locationFor({ path }: RememberedContent, location: ContentLocation): ContentLocation {
  return locationOf({ path, ...location });
}
