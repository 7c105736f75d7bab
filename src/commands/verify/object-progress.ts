import type { ProgressReporter } from '../progress-reporter.ts';

/** An object as it is stored, and the files that it stands for. */
export interface Share {
  /** As stored. */
  readonly size: number;
  /** Of all entries of all versions that refer to it. */
  readonly amount: { readonly files: number; readonly bytes: number };
}

/**
 * Tells of one object's part in a verification, which counts the files of all versions: what is read of a pack, a
 * compressed object or one that several versions share counts as the share of their bytes and files.
 */
export class ObjectProgress {
  readonly #share: Share;
  readonly #reporter: ProgressReporter;
  #received = 0;
  #told = { files: 0, bytes: 0 };

  constructor(share: Share, reporter: ProgressReporter) {
    this.#share = share;
    this.#reporter = reporter;
  }

  /** To be called with the number of all bytes of the object that come in, also where they come again. */
  readonly onReceived = (bytes: number): void => {
    const { size, amount } = this.#share;
    this.#received += bytes;
    if (size === 0) return;
    const share = (all: number) => Math.floor((all * Math.min(this.#received, size)) / size);
    this.#tell({ files: share(amount.files), bytes: share(amount.bytes) });
  };

  /** To be called once, when the object has been judged, read or not. */
  finish(): void {
    this.#tell(this.#share.amount);
  }

  #tell(done: Share['amount']): void {
    this.#reporter.add({ files: done.files - this.#told.files, bytes: done.bytes - this.#told.bytes });
    this.#told = done;
  }
}
