import { BackupError, DAMAGED } from '../../errors.ts';
import { MAX_DECODED_BYTES } from '../../pack/decode-frame.ts';
import type { ObjectCheck } from '../../restoration/place-entry.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import type { Slice } from '../../series/model.ts';
import type { IndexReference, PackReference, VersionRecord } from '../../series/record.ts';
import { parseVersionId } from '../../series/version-id.ts';
import { keyProblem, pathProblem } from '../../store/object-key.ts';

/**
 * Tells whether a key from the index, relative to the series, is of the data the version is made of: its own, or that of
 * a version of this series it leans on. An index does not get to name any other object of the bucket.
 */
export function ownKeys({ id, leansOn }: VersionRecord, keys: SeriesKeys): (key: string) => boolean {
  const isOfSeries = (base: string) => parseVersionId(base)?.series === keys.location.series;
  const prefixes = [id, ...leansOn].filter(isOfSeries).map((base) => keys.dataPrefix(base).slice(keys.base.length));
  return (key) => keyProblem(key) === undefined && prefixes.some((prefix) => key.startsWith(prefix));
}

/** The objects a version is made of, as its record tells of them. Keys are relative to the series. */
export interface OwnObjects {
  /** Why a file cannot be where its entry says; see {@link ObjectCheck}. */
  readonly problem: ObjectCheck;
  /** Whether an object is of the version itself, and not of one it leans on. */
  isOwn(key: string): boolean;
  /** A pack the record lists; undefined for all others. */
  pack(key: string): PackReference | undefined;
}

export function ownObjects(record: VersionRecord, keys: SeriesKeys): OwnObjects {
  const isOwnKey = ownKeys(record, keys);
  const packs = new Map(record.packs.map((pack) => [pack.key, pack]));
  const ownPrefix = keys.dataPrefix(record.id).slice(keys.base.length);
  return {
    problem: ({ key, slice }) => {
      if (!isOwnKey(key)) return `its object ${JSON.stringify(key)} is not of this version nor of one it leans on`;
      if (slice === undefined) return undefined;
      const pack = packs.get(key);
      return pack === undefined
        ? `its pack ${JSON.stringify(key)} is none of those the record lists`
        : sliceProblem(slice, pack);
    },
    isOwn: (key) => key.startsWith(ownPrefix),
    pack: (key) => packs.get(key),
  };
}

/** Names are only compared; but a backup writes none that could lead anywhere. */
function sliceProblem({ offset, bytes, skip, member }: Slice, pack: PackReference): string | undefined {
  if (offset + bytes > pack.bytes) return `its slice ends at byte ${offset + bytes} of a pack of ${pack.bytes}`;
  if (skip >= MAX_DECODED_BYTES) return `its slice skips ${skip} bytes, which is more than a frame has`;
  const problem = member === undefined ? undefined : pathProblem(member);
  return problem && `its name in the pack, ${JSON.stringify(member)}, cannot be used: ${problem}`;
}

/**
 * The index of the version itself.
 * @throws BackupError with code {@link DAMAGED} for a record that names another object
 */
export function ownIndex({ id, index }: VersionRecord, keys: SeriesKeys): IndexReference {
  if (keys.isIndexOf(id, index.key)) return index;
  throw new BackupError(`The record of version ${id} cannot be used: it names an index that is not its own.`, {
    class: 'permanent',
    operation: 'read record',
    key: id,
    code: DAMAGED,
    expected: keys.relative(keys.index(id)),
    found: index.key,
  });
}
