import type { Amount, Total } from './report/progress.ts';

/**
 * A kind of problem that does not stop the command. All occurrences of one kind become one annotation with a count.
 */
export interface Warning {
  /** Stable name of the kind, e.g. `file-changed`. */
  readonly kind: string;
  /** One sentence that holds for all occurrences of the kind. */
  readonly message: string;
  /** What this occurrence is about (a path, a key); at most a few are shown. Hostile text: the edge escapes it. */
  readonly subject?: string;
  /** Instead of a subject: why it came to this, a sentence that is shown whole. Hostile text too. */
  readonly reason?: string;
}

/** Where commands say what they do; the runner's edge and the terminal each have an implementation. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  /** Collects; the edge shows each kind once, with its count. */
  warn(warning: Warning): void;
  /** Runs one named step of a command. The edge shows it as a foldable group of that name. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /**
   * Shows how far a transfer is, if the edge has a way of its own to do so. May be called after every part.
   * @param total the same object for all of one transfer
   * @returns false where it has none: then lines of {@link info} say it
   */
  progress?(done: Amount, total: Total): boolean;
}

/** Swallows everything; for callers that report in another way. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  step: (_title, work) => work(),
};
