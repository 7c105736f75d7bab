import type { BackupError } from '../errors.ts';
import type { Warning } from '../log.ts';
import type { DeleteFailure } from '../store/object-store.ts';

/** Keys that are named; a killed run may have left thousands. */
const MAX_EXAMPLES = 10;

export interface EndedUploads {
  readonly count: number;
  /** Keys of the first of them; hostile text. */
  readonly examples: readonly string[];
}

/** Counts uploads as they go by. */
export class UploadTally {
  #count = 0;
  readonly #examples: string[] = [];

  add(key: string): void {
    this.#count += 1;
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(key);
  }

  /** As a field of a report; nothing where there were none. */
  current(): { readonly uploads?: EndedUploads } {
    return this.#count === 0 ? {} : { uploads: { count: this.#count, examples: this.#examples } };
  }
}

/** What a prune did, also where it stopped half-way. */
export interface PruneOutcome {
  /** IDs of the versions that exist no more, newest first. */
  readonly removed: readonly string[];
  /** Doomed by the policy but still there, data and all. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  /** IDs of versions that the plan doomed and somebody pinned before they went: they stay. Absent: none. */
  readonly pinned?: readonly string[];
  /** Records, data and claims; in a versioned bucket object versions, delete markers not counted. */
  readonly deletedObjects: number;
  /** Bytes of the data among them, and of records and claims where the bucket's versions had to be listed. */
  readonly deletedBytes: number;
  /** IDs whose abandoned claims, data and uploads were cleaned up. */
  readonly abandoned: readonly string[];
  /** Multipart uploads that nobody would have completed, and that were ended. Absent: none. */
  readonly uploads?: EndedUploads;
  /** IDs of versions that earlier prunes had hidden, and that are erased now. Absent: none. */
  readonly erased?: readonly string[];
  /** The bucket is versioned and versions are not deleted for good: nothing was freed. */
  readonly onlyHidden: boolean;
  /** Why not all that was doomed is gone: one sentence. */
  readonly failure?: string;
  readonly warnings: readonly Warning[];
}

/** Collects the outcome while a prune works, so that nothing is lost when it stops half-way. */
export class PruneTally {
  readonly removed: string[] = [];
  readonly skipped: { readonly id: string; readonly reason: string }[] = [];
  readonly pinned: string[] = [];
  readonly abandoned: string[] = [];
  readonly erased: string[] = [];
  readonly warnings: Warning[] = [];
  readonly #uploads = new UploadTally();
  #deletedObjects = 0;
  #deletedBytes = 0;
  #refusals = 0;
  #firstRefusal?: DeleteFailure;
  #stop?: BackupError;

  deleted(objects: number, bytes: number): void {
    this.#deletedObjects += objects;
    this.#deletedBytes += bytes;
  }

  endedUpload(key: string): void {
    this.#uploads.add(key);
  }

  refused(failure: DeleteFailure): void {
    this.#refusals += 1;
    this.#firstRefusal ??= failure;
  }

  stoppedBy(error: BackupError): void {
    this.#stop = error;
  }

  outcome(onlyHidden: boolean): PruneOutcome {
    const failure = this.#failure();
    return {
      removed: this.removed,
      skipped: this.skipped,
      ...(this.pinned.length > 0 && { pinned: this.pinned }),
      deletedObjects: this.#deletedObjects,
      deletedBytes: this.#deletedBytes,
      abandoned: this.abandoned,
      ...this.#uploads.current(),
      ...(this.erased.length > 0 && { erased: this.erased }),
      onlyHidden,
      ...(failure === undefined ? {} : { failure }),
      warnings: this.warnings,
    };
  }

  #failure(): string | undefined {
    if (this.#stop !== undefined) return this.#stop.message;
    if (this.#firstRefusal === undefined) return undefined;
    const { target, code, message } = this.#firstRefusal;
    const [what, which] = this.#refusals === 1 ? ['One object', ''] : [`${this.#refusals} objects`, 'the first is '];
    const first = `${which}${JSON.stringify(target.key)}: ${code}, ${message.replace(/\.$/, '')}`;
    return `${what} could not be deleted (${first}); the next prune tries again.`;
  }
}
