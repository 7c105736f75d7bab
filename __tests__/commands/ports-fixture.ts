import { join } from 'node:path';
import type { BackupRequest } from '../../src/commands/backup/request.ts';
import type { PruneRequest } from '../../src/commands/prune/request.ts';
import { KEYS } from '../series/series-fixture.ts';

export const HOUR_MS = 3_600_000;
export const MIB = 2 ** 20;

/** Every version by itself, as most tests want them. */
export const FULL_ONLY: BackupRequest['incremental'] = {
  mode: 'off',
  fullEvery: {},
  changeDetection: 'content',
  repackBelow: 0.3,
};

/** What differs from the usual request of a test. */
export type Asked = Partial<Omit<BackupRequest, 'selection' | 'retention'>> & {
  readonly selection?: Partial<BackupRequest['selection']>;
  readonly retention?: Partial<PruneRequest['retention']>;
};

/** A backup of all that a scene's machine has, without a policy. */
export function backupRequest(
  { directory }: { readonly directory: string },
  { selection, retention, ...rest }: Asked = {},
): BackupRequest {
  return {
    keys: KEYS,
    selection: {
      patterns: ['**'],
      root: join(directory, 'work'),
      includeHiddenFiles: false,
      ifNoFilesFound: 'error',
      ifFileChanged: 'error',
      ...selection,
    },
    tags: { team: 'core' },
    incremental: FULL_ONLY,
    concurrency: 4,
    partSize: 5 * MIB,
    maxMemory: 64 * MIB,
    layout: 'auto',
    packBelow: MIB,
    packSize: 64 * MIB,
    compressionLevel: 3,
    compression: 'auto',
    retention: {
      policy: {},
      timezone: 'UTC',
      maxDelete: { kind: 'percent', percent: 100 },
      pruneNoncurrent: false,
      abandonedAfterMs: 24 * HOUR_MS,
      ...retention,
    },
    dryRun: false,
    ...rest,
  };
}
