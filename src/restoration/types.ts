import type { SpooledPack } from '../pack/pack-spools.ts';
import type { PathStyle } from '../selection/paths.ts';
import type { Entry, Totals } from '../series/model.ts';
import type { FileSystemTraits } from './collision-key.ts';
import type { PackedStep } from './packed-steps.ts';
import type { ProtectedPlaces } from './protected-places.ts';
import type { TemporaryNaming } from './temporary-name.ts';

/** `never`: what differs stops the restore; `changed`: it is replaced; `always`: what is the same is replaced too. */
export type Overwrite = 'never' | 'changed' | 'always';
/** `refuse`: a link that could lead out of the target stops the restore; `keep`: it comes back as it was. */
export type Links = 'refuse' | 'keep';

export interface RestoreRules {
  /** Leading segments that are taken off every path; entries with no more than these are left out. */
  readonly stripComponents: number;
  readonly overwrite: Overwrite;
  readonly links: Links;
}

/** The directory everything goes below. */
export interface TargetDirectory {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Made by this restore: nothing is in it yet. */
  readonly isFresh: boolean;
  readonly traits: FileSystemTraits;
  readonly places: ProtectedPlaces;
  readonly style: PathStyle;
}

/**
 * What to do about an entry. `write`: nothing is there; `replace`: something else is; `touch`: the same content is, and
 * gets mode and time; `leave`: the same is there.
 */
export type Action = 'write' | 'replace' | 'touch' | 'leave';

/** An entry and where it goes. */
export interface Placed {
  /** To sort and compare by: `collision-key.ts`. */
  readonly key: string;
  /** Below the target, POSIX. */
  readonly path: string;
  readonly entry: Entry;
}

export interface Step extends Placed {
  readonly action: Action;
}

/** What a restore will do, checked from the first entry to the last. The list is on disk: close it when done. */
export interface Plan {
  /** Of the chosen entries. */
  readonly totals: Totals;
  /** What of them has to be fetched; bytes as they are stored, those of a pack once however many files are in them. */
  readonly toFetch: { readonly files: number; readonly bytes: number };
  /** Entries that are there already and stay untouched. */
  readonly left: number;
  /** Entries of the version that are not restored. */
  readonly leftOut: { readonly notChosen: number; readonly stripped: number };
  /** Of files until they are complete. */
  readonly naming: TemporaryNaming;
  /** A path comes before all that is below it. */
  steps(): AsyncIterable<Step>;
  /** The steps among them that take small files out of packs, by pack and by place in it. */
  readonly packs: readonly SpooledPack<PackedStep>[];
  close(): Promise<void>;
}
