import { BackupError } from '../errors.ts';
import { exists } from '../store/exists.ts';
import type { ObjectKey } from '../store/object-key.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Half of what `abandoned-after` is at least: until then no prune takes the claim for one of a killed run. */
export const CLAIM_TRUSTED_MS = 12 * 60 * 60 * 1000;

/**
 * A run so slow that a prune takes it for dead loses its data, and must not commit it. The claim goes last, so past the
 * age it proves nothing any more. To be called right before the record is written.
 *
 * @param claim and the time it was made, by the store's clock
 * @throws BackupError of class `lost-race`
 */
export async function checkStillClaimed(
  store: Pick<ObjectStore, 'list' | 'now'>,
  { key, time }: { readonly key: ObjectKey; readonly time: Date },
  abandonedAfterMs: number,
): Promise<void> {
  const ageMs = store.now().getTime() - time.getTime();
  if (ageMs < CLAIM_TRUSTED_MS) return;
  if (ageMs < abandonedAfterMs && (await exists(store, key))) return;
  throw new BackupError('This run took longer than `abandoned-after`, and a prune may have cleaned up after it.', {
    class: 'lost-race',
    operation: 'commit',
    key,
    hint: 'Set `abandoned-after` to more than the longest job takes, in all workflows of the series, and run it again.',
  });
}
