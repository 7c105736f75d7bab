import { randomBytes } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, localError } from '../selection/local-error.ts';
import type { FileSystemTraits } from './collision-key.ts';

/**
 * Finds out how the file system of a directory compares names, with one file that is gone afterwards: systems differ by
 * mount and even by directory, so the platform does not tell.
 *
 * @throws BackupError of class `local` where no file can be made there
 */
export async function fileSystemTraits(directory: string): Promise<FileSystemTraits> {
  const name = `.probe-${randomBytes(16).toString('hex')}-A\u00e9`;
  const path = join(directory, name);
  try {
    await (await open(path, 'wx', 0o600)).close();
    return {
      ignoresCase: await exists(join(directory, name.toLowerCase())),
      ignoresForm: await exists(join(directory, name.normalize('NFD'))),
    };
  } catch (error) {
    throw localError('write to the target', directory, error, 'give this job the right to write there');
  } finally {
    await rm(path, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
