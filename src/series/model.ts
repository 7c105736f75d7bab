import type { Receipt } from './receipt.ts';

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
  /** The object is this file in another form. Absent, as `slice` is: the object's bytes are the file's. */
  readonly stored?: StoredForm;
  /** The object is a pack, and this says where in it the file is. */
  readonly slice?: Slice;
  /** Of the object, if it is this file alone; a pack's is in the record. */
  readonly receipt?: Receipt;
  /** Only where changes are to be detected by it. */
  readonly stat?: FileStat;
}

/** Where the bytes of a file are: equal files, in one version or in several, may share it. */
export type ContentLocation = Pick<FileEntry, 'key' | 'stored' | 'slice' | 'receipt'>;

/** What else of a file's status changes when its bytes do. Means nothing on another machine. */
export interface FileStat {
  /** RFC 3339 in UTC, as `mtime`. */
  readonly ctime: string;
  /** In decimal digits: it may be more than a JSON number holds. */
  readonly inode: string;
}

/** A file stored compressed, as an object of its own: standard zstd frames that decode to the file's bytes. */
export interface StoredForm {
  readonly encoding: 'zstd';
  /** Of the object. */
  readonly bytes: number;
  /** Of the object, 64 hex digits. */
  readonly sha256: string;
}

/**
 * Where a file is in a pack: the bytes of whole zstd frames that hold its tar member, which may hold neighbours too. One
 * ranged GET of `bytes` from `offset`, decoded frame by frame, has the member's first header at `skip`.
 */
export interface Slice {
  readonly offset: number;
  /** Of the frames, as stored. */
  readonly bytes: number;
  /** Of what the frames decode to. */
  readonly skip: number;
  /** The path in the tar header where it is another: equal files are stored once. */
  readonly member?: string;
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
