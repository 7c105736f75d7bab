import type { OutputSource } from '../../producer/types.ts';
import type { FullEvery } from '../../series/full-every.ts';
import type { VersionLock } from '../../series/lock.ts';
import type { Encryption } from '../../store/s3/connection.ts';
import type { Layout } from '../../transfer/layout.ts';
import type { PruneRequest } from '../prune/request.ts';

/** What is to be made of the output of a command. */
export interface OutputRequest {
  /** Path of the entry, POSIX, relative to the root. */
  readonly path: string;
  readonly source: OutputSource;
  /** What to do when it writes nothing. */
  readonly ifEmpty: 'error' | 'warn' | 'ignore';
}

/** What a backup is asked to do: parsed, checked, complete. Its policy is applied after the backup. */
export interface BackupRequest extends PruneRequest {
  readonly selection: {
    /** Empty where only the output of a command is asked for. */
    readonly patterns: readonly string[];
    /** Absolute. */
    readonly root: string;
    readonly includeHiddenFiles: boolean;
    readonly ifNoFilesFound: 'error' | 'warn' | 'ignore';
    readonly ifFileChanged: 'error' | 'warn';
  };
  /** A command whose output becomes a file of the version. */
  readonly output?: OutputRequest;
  /** The user's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  /** Of every object. Absent: the bucket's default. */
  readonly encryption?: Encryption;
  readonly incremental: {
    readonly mode: 'auto' | 'off' | 'always';
    readonly fullEvery: FullEvery;
    readonly changeDetection: 'content' | 'stat';
    /** Share of a pack that has to be alive, 0 to 1. */
    readonly repackBelow: number;
  };
  /** Absent: nothing is locked. */
  readonly lock?: VersionLock;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes. */
  readonly partSize: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
  /** How files become objects. */
  readonly layout: Layout;
  /** Bytes; with the layout `auto` smaller files may go into packs. */
  readonly packBelow: number;
  /** Bytes at which a pack is closed. */
  readonly packSize: number;
  /** Of zstd, for packs and for objects of their own. */
  readonly compressionLevel: number;
  /** Whether large files that compress well are stored compressed. */
  readonly compression: 'auto' | 'off';
  /** Whether an interrupted attempt of the same job is gone on with. Absent: no. */
  readonly resume?: boolean;
  readonly dryRun: boolean;
}
