import { BackupError } from '../errors.ts';
import type { Entry, FileEntry } from './model.ts';
import type { PackReference } from './record.ts';

/** What the entries of a version refer to. */
export interface References {
  /** IDs of other versions whose objects are referred to, ascending. */
  readonly leansOn: readonly string[];
  /** By key of all packs that are referred to: bytes of the files in it, each entry counted. */
  readonly packs: ReadonlyMap<string, number>;
}

/** Collects what entries refer to, as they go by. Memory is that of the names of versions and packs. */
export class VersionReferences {
  readonly #id: string;
  readonly #ids = new Set<string>();
  readonly #packs = new Map<string, number>();

  /** @param id of the version the entries are of */
  constructor(id: string) {
    this.#id = id;
  }

  add(entry: Entry): void {
    if (entry.type !== 'file') return;
    const owner = ownerOf(entry.key);
    if (owner !== undefined && owner !== this.#id) this.#ids.add(owner);
    if (entry.slice !== undefined) this.#addSlice(entry);
  }

  current(): References {
    return { leansOn: [...this.#ids].sort(), packs: this.#packs };
  }

  #addSlice({ key, size }: FileEntry): void {
    this.#packs.set(key, (this.#packs.get(key) ?? 0) + size);
  }
}

/** The same once packs have turned out to be elsewhere. @param moved new keys by old ones */
export function movedReferences({ leansOn, packs }: References, moved: ReadonlyMap<string, string>): References {
  return { leansOn, packs: new Map([...packs].map(([key, bytes]) => [moved.get(key) ?? key, bytes])) };
}

/** The ID in the key of a version's data: `data/<ID>/…`; undefined for other keys. */
export function ownerOf(key: string): string | undefined {
  return /^data\/([^/]+)\//.exec(key)?.[1];
}

/**
 * The packs of a record: those this version wrote, and those of older versions as the base's record has them, each with
 * how much of it is alive by the entries of this version.
 *
 * @param written by this version, also where all that is in it is links
 * @param inherited of the base's record
 * @throws BackupError of class `permanent` for a pack that is in neither list
 */
export function recordedPacks(
  { packs }: References,
  written: readonly PackReference[],
  inherited: readonly PackReference[],
): PackReference[] {
  const known = new Map([...inherited, ...written].map((pack) => [pack.key, pack]));
  const keys = new Set([...written.map(({ key }) => key), ...packs.keys()]);
  return [...keys].sort().map((key) => {
    const pack = known.get(key);
    const liveBytes = packs.get(key) ?? 0;
    if (pack === undefined) throw unknownPack(key);
    return { ...pack, contentBytes: pack.contentBytes ?? liveBytes, liveBytes };
  });
}

function unknownPack(key: string): BackupError {
  return new BackupError(`An entry refers to the pack ${JSON.stringify(key)}, of which nothing is known.`, {
    class: 'permanent',
    operation: 'commit',
    key,
    hint: 'This is a fault of the action: please report it. `incremental: off` makes a version without older packs.',
  });
}
