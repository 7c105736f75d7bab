import type { RetentionPolicy } from '../../retention/types.ts';
import type { SeriesKeys } from '../../series/keys.ts';

/** What a backup is asked to do: parsed, checked, complete. */
export interface BackupRequest {
  readonly keys: SeriesKeys;
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
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes. */
  readonly partSize: number;
  readonly retention: {
    readonly policy: RetentionPolicy;
    readonly pruneNoncurrent: boolean;
    readonly abandonedAfterMs: number;
  };
  readonly dryRun: boolean;
}
