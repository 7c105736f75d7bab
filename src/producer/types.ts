/** Whose output is to be stored. */
export type OutputSource =
  /** A script for bash. */
  | { readonly kind: 'shell'; readonly script: string; readonly directory: string }
  /** A program with its arguments; no shell looks at them. */
  | {
      readonly kind: 'program';
      readonly file: string;
      readonly args: readonly string[];
      readonly directory: string;
    }
  /** What comes through a pipe into this process. */
  | { readonly kind: 'pipe' };

/** Something that writes bytes, once. Exactly one of `finish` and `stop` ends it. */
export interface Producer {
  /** To be read once, from start to end. @throws the signal's reason, or BackupError of class `local` */
  readonly bytes: AsyncIterable<Uint8Array>;
  /**
   * Resolves when it has ended well; to be called after the end of `bytes`.
   * @throws BackupError of class `local` where it failed, or the signal's reason
   */
  finish(): Promise<void>;
  /** Ends it, if it has not ended; resolves once it has. Never throws. */
  stop(): Promise<void>;
}
