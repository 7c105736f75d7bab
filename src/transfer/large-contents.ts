import { locationOf } from '../series/content-location.ts';
import type { ContentLocation } from '../series/model.ts';
import type { UploadedFile } from './upload-file.ts';

/** A file that is stored. */
export interface StoredFile {
  readonly read: UploadedFile;
  readonly location: ContentLocation;
}

/** Fingerprints remembered, some 10 MB of memory; large files are few. */
export const MAX_FINGERPRINTS = 32_768;

/** A large file that is to be stored, if need be. */
export interface Candidate {
  readonly path: string;
  /** The same for equal files. */
  readonly fingerprint: string;
  /** Reads the file; called only where an earlier one had the same fingerprint. */
  readonly digest: () => Promise<UploadedFile>;
  readonly store: () => Promise<StoredFile>;
  /** Called with its size where an equal one is stored. */
  readonly onShared: (bytes: number) => void;
}

interface Begun {
  readonly path: string;
  readonly stored: Promise<StoredFile>;
}

/**
 * Large files of a version, so that equal ones are stored once. A file whose fingerprint is new cannot be equal to any
 * other and is read once; one that may be is read for its digest first.
 */
export class LargeContents {
  readonly #begun = new Map<string, readonly Begun[]>();

  /** @throws what `digest` and `store` throw */
  storeOnce(candidate: Candidate): Promise<StoredFile> {
    const { path, fingerprint, store } = candidate;
    const earlier = this.#begun.get(fingerprint) ?? [];
    const stored = earlier.length === 0 ? store() : storeUnlessEqual(earlier, candidate);
    stored.catch(() => {});
    this.#begun.set(fingerprint, [...earlier, { path, stored }]);
    this.#forgetOldest();
    return stored;
  }

  #forgetOldest(): void {
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > MAX_FINGERPRINTS && oldest !== undefined) this.#begun.delete(oldest);
  }
}

async function storeUnlessEqual(
  earlier: readonly Begun[],
  { digest, store, onShared }: Candidate,
): Promise<StoredFile> {
  const read = await digest();
  for (const { path, stored } of earlier) {
    const other = await stored.catch(() => undefined);
    if (other?.read.sha256 !== read.sha256) continue;
    onShared(read.size);
    return { read, location: locationOf({ path, ...other.location }) };
  }
  return store();
}
