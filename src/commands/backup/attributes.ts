import { hash } from 'node:crypto';
import { objectLock } from '../../series/lock.ts';
import type { RunInfo } from '../../series/model.ts';
import { objectTags } from '../../series/tags.ts';
import { versionIdOf } from '../../series/version-id.ts';
import type { ObjectAttributes } from '../../store/object-store.ts';
import type { BackupRequest } from './request.ts';

/** What every object of a version is created with, the claim too: its tags, and its lock where one is asked for. */
export function versionAttributes(
  request: Pick<BackupRequest, 'tags' | 'lock'>,
  run: RunInfo,
  id: string,
): Pick<ObjectAttributes, 'tags' | 'lock'> {
  const { lock } = request;
  return {
    tags: versionTags(request, run, id),
    ...(lock && { lock: objectLock(lock, versionIdOf(id).time) }),
  };
}

/**
 * Digest of all that the objects of a version are created with, beside the run. An attempt with other inputs stores its
 * own: it must not refer to objects that are locked for less long, say.
 */
export function formOf({
  tags,
  storageClass,
  encryption,
  lock,
}: Pick<BackupRequest, 'tags' | 'storageClass' | 'encryption' | 'lock'>): string {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([sorted, storageClass ?? '', encryption ?? {}, lock ?? {}]));
}

/** The tags of every object of a version. */
export function versionTags(
  { tags }: Pick<BackupRequest, 'tags'>,
  run: RunInfo,
  id: string,
): Readonly<Record<string, string>> {
  return objectTags(run, { id }, tags).tags;
}
