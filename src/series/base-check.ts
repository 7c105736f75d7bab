import { BackupError } from '../errors.ts';
import { exists } from '../store/exists.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';

/**
 * Looks whether the versions a new one leans on are all still there. To be called after the claim that names them is
 * written: a pruner deletes records first and looks at the claims then, so one of the two sees the other.
 *
 * @throws BackupError of class `lost-race` if one is gone
 */
export async function checkBases(
  store: Pick<ObjectStore, 'list'>,
  keys: SeriesKeys,
  leansOn: readonly string[],
): Promise<void> {
  for (const id of leansOn) {
    const key = keys.record(id);
    if (await exists(store, key)) continue;
    throw new BackupError(`The version ${id}, which this one was to build on, was pruned meanwhile.`, {
      class: 'lost-race',
      operation: 'check base',
      key,
    });
  }
}
