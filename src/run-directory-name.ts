import { basename } from 'node:path';

/** Says in a shared temporary directory whose it is; `mkdtemp` adds six characters. */
export const RUN_DIRECTORY_PREFIX = 'versioned-s3-backup-run-';

/** Whether this is the directory for a run's temporary files, and not one that holds other things as well. */
export function isRunDirectory(path: string): boolean {
  return basename(path).startsWith(RUN_DIRECTORY_PREFIX);
}
