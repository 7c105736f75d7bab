import { hash } from 'node:crypto';
import { isClass, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SeriesKeys } from '../series/keys.ts';
import { hasSameEtag, type Receipt, receiptOf } from '../series/receipt.ts';
import { keyProblem, type ObjectKey, objectKey } from '../store/object-key.ts';
import type { ListedUpload, ObjectStore, OpenUpload } from '../store/object-store.ts';
import { abandonUpload } from './abandon-upload.ts';
import { DigestSpool } from './digest-spool.ts';

type Store = Pick<ObjectStore, 'list' | 'listUploads' | 'listParts' | 'head' | 'abortUpload'>;

/** An object of the version that an earlier attempt has stored. */
interface EarlierObject {
  /** Of the name under which it is looked for. */
  readonly sha256: string;
  readonly key: ObjectKey;
  readonly size: number;
  readonly etag?: string;
}

/** What an object would be if it were stored now. */
export interface Measured {
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** With the ETag that S3 would give it; asked for only where an object of its size is there. */
  readonly receipt: () => Receipt | undefined;
}

/** Where an object is that need not be sent. */
export interface FoundObject {
  readonly key: ObjectKey;
  readonly receipt?: Receipt;
}

export interface EarlierOptions {
  readonly keys: SeriesKeys;
  /** Of the version. */
  readonly id: string;
  /** Absolute, for what memory does not hold. */
  readonly directory: string;
  readonly log: Log;
}

/**
 * What earlier attempts at a version have stored: whole objects, by a listing, and open multipart uploads. Nothing of it
 * is changed but uploads, which one attempt alone can complete. Objects are looked for by name, which is the key of the
 * attempt that looks without what all its keys begin with.
 */
export class EarlierAttempts {
  readonly #store: Store;
  readonly #options: EarlierOptions;
  readonly #objects: DigestSpool<EarlierObject>;
  /** By name; several only where more than one attempt was interrupted. */
  readonly #uploads = new Map<string, readonly ListedUpload[]>();
  /** Bytes of parts that were there. */
  keptBytes = 0;
  #foundBytes = 0;

  private constructor(store: Store, options: EarlierOptions, objects: DigestSpool<EarlierObject>) {
    this.#store = store;
    this.#options = options;
    this.#objects = objects;
  }

  /** Lists what is there. A role that may not see uploads makes use of the objects alone. */
  static async read(store: Store, options: EarlierOptions): Promise<EarlierAttempts> {
    const earlier = new EarlierAttempts(store, options, await DigestSpool.create(options.directory, 'earlier', 0));
    try {
      await earlier.#readObjects();
      await earlier.#readUploads();
    } catch (error) {
      await earlier.close();
      throw error;
    }
    return earlier;
  }

  /** Absolute, for temporary files. */
  get directory(): string {
    return this.#options.directory;
  }

  /** Bytes that did not have to be sent again. */
  get reusedBytes(): number {
    return this.#foundBytes + this.keptBytes;
  }

  /** Of the objects of the name of a key, in bytes. */
  async sizesOf(key: ObjectKey): Promise<number[]> {
    return (await this.#named(key)).map(({ size }) => size);
  }

  /**
   * Looks for an object of the name of a key that is what would be stored under that key. By ETag; where that says
   * nothing (under a key of KMS, or in other parts) one HEAD tells, by SHA-256 or the CRC-32 of the whole.
   */
  async find(key: ObjectKey, measured: Measured): Promise<FoundObject | undefined> {
    for (const object of await this.#named(key)) {
      if (object.size !== measured.bytes) continue;
      const receipt = measured.receipt();
      const found = hasSameEtag(receipt, object.etag) ? receipt : await this.#askedOf(object, measured.sha256, receipt);
      if (found === undefined) continue;
      this.#foundBytes += measured.bytes;
      return { key: object.key, receipt: found };
    }
    return undefined;
  }

  /**
   * The open upload of the name of a key, for one caller. What is not asked for is ended by {@link abortRest}.
   * @returns undefined also where its parts may not be seen, or it has ended meanwhile
   */
  async takeUpload(key: ObjectKey): Promise<(OpenUpload & { readonly key: ObjectKey }) | undefined> {
    const name = this.#nameOf(key);
    const [listed, ...others] = this.#uploads.get(name) ?? [];
    if (listed === undefined) return undefined;
    const at = objectKey(listed.key);
    try {
      const open = await this.#store.listParts(at, listed.uploadId);
      this.#uploads.set(name, others);
      return { ...open, key: at };
    } catch (error) {
      this.#warnOfParts(error);
      return undefined;
    }
  }

  /** Ends the uploads nobody had a use for. To be called once the version is committed. Never throws. */
  async abortRest(): Promise<void> {
    for (const { key, uploadId } of [...this.#uploads.values()].flat()) {
      const abort = () => this.#store.abortUpload(objectKey(key), uploadId);
      await abandonUpload({ abort }, key, this.#options.log);
    }
  }

  /** Removes what is on disk. */
  close(): Promise<void> {
    return this.#objects.remove();
  }

  async #readObjects(): Promise<void> {
    const { keys, id } = this.#options;
    for await (const { key, size, etag } of this.#store.list(keys.dataPrefix(id))) {
      if (keyProblem(key) !== undefined) continue;
      const sha256 = hash('sha256', this.#nameOf(key));
      await this.#objects.add({ sha256, key: objectKey(key), size, ...(etag && { etag }) });
    }
  }

  async #readUploads(): Promise<void> {
    const { keys, id } = this.#options;
    try {
      for await (const upload of this.#store.listUploads(keys.dataPrefix(id))) {
        if (keyProblem(upload.key) !== undefined) continue;
        const name = this.#nameOf(upload.key);
        this.#uploads.set(name, [...(this.#uploads.get(name) ?? []), upload]);
      }
    } catch (error) {
      this.#warnOfParts(error);
    }
  }

  #warnOfParts(error: unknown): void {
    if (!isClass(error, 'permanent', 'not-found')) throw error;
    this.#options.log.warn({
      kind: 'parts-not-reused',
      message: 'The parts of an interrupted upload could not be looked at, so they are sent again.',
      reason: messageOf(error),
    });
  }

  #nameOf(key: string): string {
    return this.#options.keys.splitTurn(this.#options.id, key).name;
  }

  async #named(key: ObjectKey): Promise<EarlierObject[]> {
    return Array.fromAsync(this.#objects.find(hash('sha256', this.#nameOf(key))));
  }

  /** @returns the receipt to keep, if the object is the same */
  async #askedOf({ key }: EarlierObject, sha256: string, measured?: Receipt): Promise<Receipt | undefined> {
    try {
      const info = await this.#store.head(key);
      const isSame = info.sha256 === undefined ? hasCrc32(info.crc32, measured) : info.sha256 === sha256;
      return isSame ? { ...receiptOf(info), ...(measured?.crc32 && { crc32: measured.crc32 }) } : undefined;
    } catch (error) {
      // Gone, or not to be seen: then it is stored again.
      if (isClass(error, 'permanent', 'not-found')) return undefined;
      throw error;
    }
  }
}

function hasCrc32(crc32: string | undefined, measured?: Receipt): boolean {
  return crc32 !== undefined && crc32 === measured?.crc32;
}
