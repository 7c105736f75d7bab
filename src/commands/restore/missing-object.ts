import { BackupError, DAMAGED, isClass } from '../../errors.ts';
import { exists } from '../../store/exists.ts';
import { LEAVE_OUT_HINT } from '../../transfer/damage.ts';
import type { FoundVersion } from './find-version.ts';
import type { RestorePorts, RestoreRequest } from './request.ts';

/**
 * What it means that something was not there: with the record still in its place the version is damaged; without it a
 * prune has removed the version meanwhile. All other errors mean what they say.
 *
 * @param error of reading the version's index and objects
 */
export async function explainMissing(
  error: unknown,
  { version: { id } }: FoundVersion,
  { keys }: RestoreRequest,
  { reader }: RestorePorts,
): Promise<unknown> {
  const { key } = isClass(error, 'not-found') ? error.details : {};
  if (key === undefined || !key.startsWith(`${keys.base}data/`)) return error;
  const about = { class: 'not-found', operation: 'GetObject', key, cause: error } as const;
  if (!(await exists(reader, keys.record(id)))) {
    return new BackupError(`Version ${id} was removed while it was restored.`, {
      ...about,
      hint: 'A prune did so: restore a version that it keeps, or pin the one you need.',
    });
  }
  // Without its index nothing of a version can be restored by itself.
  const isFile = !keys.isIndexOf(id, key.slice(keys.base.length));
  return new BackupError(`Version ${id} is damaged: its object ${JSON.stringify(key)} is missing.`, {
    ...about,
    code: DAMAGED,
    hint: `Verify the series to see which other versions are, and restore an older or newer one.${isFile ? ` ${LEAVE_OUT_HINT}` : ''}`,
  });
}
