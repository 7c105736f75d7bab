import type { ContentLocation } from '../series/model.ts';
import { DigestSpool } from './digest-spool.ts';

/** The bytes of a file, told from all others. */
export interface Content {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly size: number;
}

/** Where contents are, by their digest, for more of them than memory holds. */
export class ContentSpool {
  readonly #spool: DigestSpool<Content & ContentLocation>;

  private constructor(spool: DigestSpool<Content & ContentLocation>) {
    this.#spool = spool;
  }

  /**
   * @param directory absolute; has to exist
   * @param expected entries; more may come
   * @throws BackupError of class `local` if the file cannot be created
   */
  static async create(directory: string, expected: number): Promise<ContentSpool> {
    return new ContentSpool(await DigestSpool.create(directory, 'contents', expected));
  }

  /** Of equal contents the first that may be referred to is the one that is found. @throws BackupError of class `local` */
  add({ sha256, size }: Content, { key, stored, slice, receipt }: ContentLocation): Promise<void> {
    const form = { ...(stored && { stored }), ...(slice && { slice }), ...(receipt && { receipt }) };
    return this.#spool.add({ sha256, size, key, ...form });
  }

  /**
   * @param isUsable whether what is under a key may be referred to; by default all may
   * @throws BackupError of class `local`
   */
  async find(content: Content, isUsable: (key: string) => boolean = () => true): Promise<ContentLocation | undefined> {
    for await (const { sha256: _, size, key, stored, slice, receipt } of this.#spool.find(content.sha256)) {
      if (size !== content.size || !isUsable(key)) continue;
      return { key, ...(stored && { stored }), ...(slice && { slice }), ...(receipt && { receipt }) };
    }
    return undefined;
  }

  /** Removes the file; may be called more than once. */
  remove(): Promise<void> {
    return this.#spool.remove();
  }
}
