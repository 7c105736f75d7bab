import { BackupError, DAMAGED } from '../../errors.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import type { IndexReference, VersionRecord } from '../../series/record.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { keyProblem } from '../../store/object-key.ts';

/**
 * Tells whether a key from the index, relative to the series, is of the data the version is made of: its own, or that of
 * a version of this series it leans on. An index does not get to name any other object of the bucket.
 */
export function ownKeys({ id, leansOn }: VersionRecord, keys: SeriesKeys): (key: string) => boolean {
  const isOfSeries = (base: string) => parseVersionId(base)?.series === keys.location.series;
  const prefixes = [id, ...leansOn].filter(isOfSeries).map((base) => keys.dataPrefix(base).slice(keys.base.length));
  return (key) => keyProblem(key) === undefined && prefixes.some((prefix) => key.startsWith(prefix));
}

/**
 * The index of the version itself.
 * @throws BackupError with code {@link DAMAGED} for a record that names another object
 */
export function ownIndex({ id, index }: VersionRecord, keys: SeriesKeys): IndexReference {
  const expected = keys.relative(keys.index(id));
  if (index.key === expected) return index;
  throw new BackupError(`The record of version ${id} cannot be used: it names an index that is not its own.`, {
    class: 'permanent',
    operation: 'read record',
    key: id,
    code: DAMAGED,
    expected,
    found: index.key,
  });
}
