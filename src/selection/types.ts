import type { Totals } from '../series/model.ts';

interface SelectedBase {
  /** POSIX, relative to the root; valid Unicode. */
  readonly path: string;
  /** Where it is on this machine. */
  readonly absolutePath: string;
  /** Nanoseconds since the Unix epoch. */
  readonly mtimeNs: bigint;
}

export interface SelectedFile extends SelectedBase {
  readonly type: 'file';
  /** Permission bits. */
  readonly mode: number;
  /** Bytes at the time of the walk; what is read later decides. */
  readonly size: number;
  /** Nanoseconds since the Unix epoch. */
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

export interface SelectedSymlink extends SelectedBase {
  readonly type: 'symlink';
  readonly target: string;
}

/** A directory in which nothing was selected and nothing was left out: an empty one. */
export interface SelectedDirectory extends SelectedBase {
  readonly type: 'directory';
  readonly mode: number;
}

export type SelectedEntry = SelectedFile | SelectedSymlink | SelectedDirectory;

/** How many of a kind were left out, and the first few of them. */
export interface Skipped {
  readonly count: number;
  /** At most {@link MAX_SKIPPED_EXAMPLES} relative paths; a directory stands for all below it. */
  readonly examples: readonly string[];
}

export const MAX_SKIPPED_EXAMPLES = 10;

export interface SelectionOptions {
  /** The lines of the `path` input: @actions/glob patterns, `!` excludes, `#` comments. The last match wins. */
  readonly patterns: readonly string[];
  /** Absolute; a relative `root` starts here. */
  readonly workspace: string;
  /** Entry paths are relative to it, and relative patterns start there. A link is resolved, once. */
  readonly root: string;
  readonly includeHiddenFiles: boolean;
  /** Absolute directory for the list of entries, which is kept on disk so that memory stays flat. */
  readonly temporaryDirectory: string;
  /** Tells why a path cannot be stored (its key is too long, …), or undefined. */
  readonly pathProblem: (path: string) => string | undefined;
  /** Bytes; how many smaller files there are is counted. Absent: none. */
  readonly smallBelow?: number;
  /** Ends the search; what is thrown then is its reason. */
  readonly signal?: AbortSignal;
}

/** What was found. The list is on disk: iterate as often as needed, close when done. */
export interface Selection {
  readonly totals: Totals;
  /** The files smaller than `smallBelow`. */
  readonly small: { readonly files: number; readonly bytes: number };
  /** The largest files, largest first, at most ten. */
  readonly largest: readonly { readonly path: string; readonly size: number }[];
  readonly skipped: {
    readonly hidden: Skipped;
    readonly credentials: Skipped;
    /** Sockets, devices, FIFOs. */
    readonly special: Skipped;
  };
  /** Selected, or on the way to what may be, and gone before it was looked at. */
  readonly vanished: Skipped;
  /** Sorted by the bytes of the UTF-8 path, each path once. */
  entries(): AsyncIterable<SelectedEntry>;
  close(): Promise<void>;
}
