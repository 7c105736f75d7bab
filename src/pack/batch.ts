import type { ErrorDetails } from '../errors.ts';

/** What goes into one frame, in the order of the paths: plain data, as it travels to a thread and back. */
export type BatchItem =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly absolutePath: string;
      /** Bytes, as listed. */
      readonly size: number;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly mtimeNs: bigint; readonly target: string }
  | { readonly type: 'directory'; readonly path: string; readonly mtimeNs: bigint; readonly mode: number };

export interface ReadOptions {
  /** True: a file that changes while it is read is an error. */
  readonly failOnChange: boolean;
}

/** What was read of a file. */
export interface ReadFile {
  readonly outcome: 'read';
  /** Bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly changed: boolean;
  /** The same for all names of one file; only where it has more than one. */
  readonly inode?: string;
}

/** An error in a form that can be sent. */
export interface SentError {
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

/**
 * - `outgrown`: it is larger than it was listed, and no longer fits where it was to go
 * - `failed`: vanished, changed or unreadable
 * - `none`: there is nothing to read of a link or a directory
 */
export type ReadOutcome =
  | ReadFile
  | { readonly outcome: 'outgrown' }
  | { readonly outcome: 'failed'; readonly error: SentError }
  | { readonly outcome: 'none' };

/** What becomes of an item: a member, none, or a hard link to the member of that path. */
export type Decision = 'keep' | 'drop' | { readonly linkTo: string };

/** A frame and where in it the members are. */
export interface BuiltFrame {
  /** One zstd frame; empty where nothing was kept. */
  readonly bytes: Uint8Array;
  /** Of every item: decoded bytes before its first header. Meaningless for what was dropped. */
  readonly skips: readonly number[];
}
