import { locationOf } from '../series/content-location.ts';
import type { ContentLocation, FileEntry } from '../series/model.ts';
import { type Content, ContentSpool } from './content-spool.ts';

export type { Content } from './content-spool.ts';

/**
 * Which contents need not be stored, because they are: in the base, or by this version itself. Locations are as
 * `locationOf` makes them: good for any path.
 */
export interface KnownContent {
  /**
   * Where the content lies already.
   * @param before the base's entry of the same path: compared first, without a look at the disk
   */
  find(content: Content, before?: FileEntry): Promise<ContentLocation | undefined>;
  /** Tells of what this version has stored, so that equal files are stored once. */
  add(content: Content, location: ContentLocation): Promise<void>;
  /**
   * Finds the content or has it stored, once however many ask at the same time.
   * @param store stores it and says where
   */
  once(
    content: Content,
    before: FileEntry | undefined,
    store: () => Promise<ContentLocation>,
  ): Promise<ContentLocation>;
  /** Whether the base has a file of this size, so that it pays to hash a large one before it is sent. */
  mayHold(size: number): boolean;
  /** Whether an entry of the base may be referred to; not if what it is in is to be packed anew. */
  isUsable(before: Pick<FileEntry, 'key'>): boolean;
}

export interface KnownContentOptions {
  /** Absolute, for what memory does not hold. */
  readonly directory: string;
  /** Contents that may come. */
  readonly expected: number;
  /** Bytes; of files of the base that have so many or more the sizes are kept. */
  readonly largeBytes: number;
  /** Whether what is under a key of the base may be referred to; not if it is to be packed anew, say. */
  readonly isUsable: (key: string) => boolean;
}

/** Nearly all on disk, see {@link ContentSpool}; in memory are the sizes of large files and what is under way. */
export class KnownContents implements KnownContent {
  readonly #spool: ContentSpool;
  readonly #options: KnownContentOptions;
  readonly #largeSizes = new Set<number>();
  readonly #underWay = new Map<string, Promise<ContentLocation>>();
  #damaged: ReadonlySet<string> = new Set();

  private constructor(spool: ContentSpool, options: KnownContentOptions) {
    this.#spool = spool;
    this.#options = options;
  }

  /** @throws BackupError of class `local` if the temporary file cannot be created */
  static async create(options: KnownContentOptions): Promise<KnownContents> {
    return new KnownContents(await ContentSpool.create(options.directory, options.expected), options);
  }

  /** Takes note of an entry of the base. */
  async addBase(entry: FileEntry): Promise<void> {
    if (!this.isUsable(entry)) return;
    if (entry.size >= this.#options.largeBytes) this.#largeSizes.add(entry.size);
    await this.#spool.add(entry, locationOf(entry));
  }

  /** From now on nothing is found under these keys, whatever the base says. To be called before the first `find`. */
  leaveOut(damaged: ReadonlySet<string>): void {
    this.#damaged = damaged;
  }

  add(content: Content, location: ContentLocation): Promise<void> {
    return this.#spool.add(content, location);
  }

  async find(content: Content, before?: FileEntry): Promise<ContentLocation | undefined> {
    if (before?.sha256 === content.sha256 && before.size === content.size && this.isUsable(before)) {
      return locationOf(before);
    }
    return this.#spool.find(content, (key) => !this.#damaged.has(key));
  }

  once(
    content: Content,
    before: FileEntry | undefined,
    store: () => Promise<ContentLocation>,
  ): Promise<ContentLocation> {
    const name = `${content.sha256} ${content.size}`;
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const result = this.#findOrStore(content, before, store).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, result);
    return result;
  }

  mayHold(size: number): boolean {
    return this.#largeSizes.has(size);
  }

  isUsable({ key }: Pick<FileEntry, 'key'>): boolean {
    return !this.#damaged.has(key) && this.#options.isUsable(key);
  }

  /** Removes what is on disk. */
  close(): Promise<void> {
    return this.#spool.remove();
  }

  async #findOrStore(
    content: Content,
    before: FileEntry | undefined,
    store: () => Promise<ContentLocation>,
  ): Promise<ContentLocation> {
    const found = await this.find(content, before);
    if (found !== undefined) return found;
    const location = await store();
    await this.add(content, location);
    return location;
  }
}
