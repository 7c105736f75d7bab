import type { VersionLock } from '../../series/lock.ts';
import type { PruneRequest } from '../prune/request.ts';

/** What a backup is asked to do: parsed, checked, complete. Its policy is applied after the backup. */
export interface BackupRequest extends PruneRequest {
  readonly selection: {
    readonly patterns: readonly string[];
    /** Absolute. */
    readonly root: string;
    readonly includeHiddenFiles: boolean;
    readonly ifNoFilesFound: 'error' | 'warn' | 'ignore';
    readonly ifFileChanged: 'error' | 'warn';
  };
  /** The user's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  /** Absent: nothing is locked. */
  readonly lock?: VersionLock;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes. */
  readonly partSize: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
  readonly dryRun: boolean;
}
