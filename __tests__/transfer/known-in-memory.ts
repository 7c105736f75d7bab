import type { ContentLocation, FileEntry } from '../../src/series/model.ts';
import type { Content, KnownContent } from '../../src/transfer/known-content.ts';

const nameOf = ({ sha256, size }: Content) => `${sha256} ${size}`;

/** The simplest there is: forgets nothing, needs no disk. */
export class KnownInMemory implements KnownContent {
  readonly #locations = new Map<string, Promise<ContentLocation>>();

  async find(content: Content): Promise<ContentLocation | undefined> {
    return this.#locations.get(nameOf(content));
  }

  async add(content: Content, location: ContentLocation): Promise<void> {
    this.#locations.set(nameOf(content), Promise.resolve(location));
  }

  once(content: Content, _: FileEntry | undefined, store: () => Promise<ContentLocation>): Promise<ContentLocation> {
    const location = this.#locations.get(nameOf(content)) ?? store();
    this.#locations.set(nameOf(content), location);
    return location;
  }

  mayHold(): boolean {
    return false;
  }

  isUsable(): boolean {
    return true;
  }
}
