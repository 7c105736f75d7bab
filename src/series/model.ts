/** The words of the format. See ARCHITECTURE.md, "Words". */

export type VersionType = 'full' | 'incremental';

/** Who made a version. Kept whole in claim, record and index; shortened only in the tags. */
export interface RunInfo {
  /** `owner/name` */
  readonly repository: string;
  readonly commit: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly workflow: string;
  readonly job: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly event: string;
  readonly actor: string;
  /** Page of the run, for people. */
  readonly url: string;
}

interface EntryBase {
  /** POSIX, relative to the root, never empty, never with `.` or `..` segments. */
  readonly path: string;
  /** RFC 3339 in UTC with up to nine fractional digits, as `touch -d` takes it. */
  readonly mtime: string;
}

export interface FileEntry extends EntryBase {
  readonly type: 'file';
  /** Permission bits in octal, four digits, as `chmod` takes them: `0644`. */
  readonly mode: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Key of the object that holds the bytes, relative to the series' prefix. */
  readonly key: string;
}

export interface SymlinkEntry extends EntryBase {
  readonly type: 'symlink';
  /** The link's text, untouched. */
  readonly target: string;
}

/** An empty directory; others come back by the entries below them. */
export interface DirectoryEntry extends EntryBase {
  readonly type: 'directory';
  readonly mode: string;
}

export type Entry = FileEntry | SymlinkEntry | DirectoryEntry;

/** Counts of a version's entries; `bytes` are those of the files as they were read. */
export interface Totals {
  readonly files: number;
  readonly symlinks: number;
  readonly directories: number;
  readonly bytes: number;
}
