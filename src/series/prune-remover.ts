import { type ObjectKey, objectKey } from '../store/object-key.ts';
import type { DeleteFailure, DeleteTarget, ObjectStore } from '../store/object-store.ts';
import type { PruneTally } from './prune-outcome.ts';

/** Objects per request (S3 API Reference, DeleteObjects); also what is held in memory at once. */
export const DELETE_BATCH_OBJECTS = 1000;

/**
 * - `plain`: the bucket keeps one version of an object, or a delete marker over the others is all that is wanted;
 * - `all-versions`: every version and delete marker of a key goes for good.
 */
export type RemovalMode = 'plain' | 'all-versions';

interface Found {
  readonly target: DeleteTarget;
  readonly bytes: number;
  readonly isMarker: boolean;
}

type OnFailure = (failure: DeleteFailure) => void;
type IsWanted = (key: string) => boolean | Promise<boolean>;

/** Deletes in batches and counts; memory stays flat however much there is to delete. */
export class Remover {
  readonly #store: ObjectStore;
  readonly #mode: RemovalMode;
  readonly #tally: PruneTally;

  constructor(store: ObjectStore, mode: RemovalMode, tally: PruneTally) {
    this.#store = store;
    this.#mode = mode;
    this.#tally = tally;
  }

  /** @param prefix what all of the keys begin with; it is listed where versions have to be found */
  async removeKeys(prefix: string, keys: readonly ObjectKey[], onFailure: OnFailure): Promise<void> {
    const wanted = new Set<string>(keys);
    await this.#deleteAll(
      this.#mode === 'plain'
        ? keys.map((key) => ({ target: { key }, bytes: 0, isMarker: false }))
        : this.#found(prefix, (key) => wanted.has(key)),
      onFailure,
    );
  }

  /**
   * Deletes what is below `prefix`.
   * @param isWanted asked of each key as listed, ascending; false leaves it alone, as it has to for what is no key of ours
   */
  async removeBelow(prefix: string, onFailure: OnFailure, isWanted: IsWanted): Promise<void> {
    await this.#deleteAll(this.#found(prefix, isWanted), onFailure);
  }

  async *#found(prefix: string, isWanted: IsWanted): AsyncGenerator<Found> {
    if (this.#mode === 'plain') {
      for await (const { key, size } of this.#store.list(prefix)) {
        if (await isWanted(key)) yield { target: { key: objectKey(key) }, bytes: size, isMarker: false };
      }
      return;
    }
    for await (const { key, versionId, size, isDeleteMarker } of this.#store.listVersions(prefix)) {
      if (await isWanted(key))
        yield { target: { key: objectKey(key), versionId }, bytes: size, isMarker: isDeleteMarker };
    }
  }

  async #deleteAll(found: readonly Found[] | AsyncIterable<Found>, onFailure: OnFailure): Promise<void> {
    let batch: Found[] = [];
    for await (const one of found) {
      batch.push(one);
      if (batch.length === DELETE_BATCH_OBJECTS) {
        await this.#deleteBatch(batch, onFailure);
        batch = [];
      }
    }
    if (batch.length > 0) await this.#deleteBatch(batch, onFailure);
  }

  async #deleteBatch(batch: readonly Found[], onFailure: OnFailure): Promise<void> {
    const failures = await this.#store.delete(batch.map(({ target }) => target));
    const refused = new Set(failures.map(({ target }) => nameOf(target)));
    const gone = batch.filter(({ target, isMarker }) => !isMarker && !refused.has(nameOf(target)));
    this.#tally.deleted(
      gone.length,
      gone.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    failures.forEach(onFailure);
  }
}

/** Keys have no NUL, see `keyProblem`. */
function nameOf({ key, versionId = '' }: DeleteTarget): string {
  return `${key}\0${versionId}`;
}
