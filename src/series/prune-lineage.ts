import { isClass } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import type { PruneTally } from './prune-outcome.ts';
import { inParallel } from './prune-parallel.ts';
import type { VersionRecord } from './record.ts';
import { readRecord } from './records.ts';
import { parseVersionId } from './version-id.ts';

/** What a record says of the objects its version needs. */
export type Leaning = Pick<VersionRecord, 'id' | 'leansOn' | 'index'>;

/** Which versions lean on which, by the records of the incremental ones; full versions lean on nothing. */
export interface Lineage {
  /** By ID; those whose record is gone meanwhile are not among them. */
  readonly leanings: ReadonlyMap<string, Leaning>;
  /** IDs of versions whose record cannot be read: they may need anything. */
  readonly unreadable: ReadonlySet<string>;
}

/**
 * Reads the records of the incremental versions. To be called before one of them is deleted: what a doomed version leans
 * on may be needed by nobody afterwards.
 */
export async function readLineage(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  versions: readonly VersionFacts[],
  tally: PruneTally,
): Promise<Lineage> {
  const leanings = new Map<string, Leaning>();
  const unreadable = new Set<string>();
  const incremental = versions.filter(({ type }) => type === 'incremental');
  await inParallel(incremental, async ({ id }) => {
    try {
      const { leansOn, index } = await readRecord(store, keys, id);
      leanings.set(id, { id, index, leansOn: leansOn.filter((base) => isOfSeries(base, keys)) });
    } catch (error) {
      if (isClass(error, 'not-found')) return;
      // What the store refuses has its answer with it; a record that makes no sense has none.
      if (!isClass(error, 'permanent') || error.details.httpStatus !== undefined) throw error;
      unreadable.add(id);
      tally.warnings.push(unknownNeeds(keys.record(id)));
    }
  });
  return { leanings, unreadable };
}

/**
 * IDs of versions that once were there, and of which data may be left: what is leaned on was committed before, so one
 * that has no record any more was pruned.
 */
export function prunedBases({ leanings }: Lineage, versions: readonly VersionFacts[]): ReadonlySet<string> {
  const there = new Set(versions.map(({ id }) => id));
  const bases = [...leanings.values()].flatMap(({ leansOn }) => leansOn);
  return new Set(bases.filter((id) => !there.has(id)));
}

export function isOfSeries(id: string, { location }: SeriesKeys): boolean {
  return parseVersionId(id)?.series === location.series;
}

export function unknownNeeds(subject: string) {
  return {
    kind: 'unreadable-leaning-version',
    message:
      'What an incremental version needs of older ones could not be read, so no data it may need was deleted; verify the series.',
    subject,
  };
}
