import type { VersionFacts } from '../../retention/types.ts';
import type { Change, Difference } from '../../series/difference.ts';
import type { Entry, RunInfo, Totals, VersionType } from '../../series/model.ts';
import type { StoredSizes } from '../../series/stored-sizes.ts';
import type { PinFacts } from '../pin/words.ts';
import type { CommandReport } from '../types.ts';

/** A list that may be long: its first items, and a file with all. */
export interface Items<T> {
  readonly first: readonly T[];
  /** Of all. */
  readonly count: number;
  /** Absolute path; one JSON object per line. */
  readonly file: string;
}

/** A version in few words. */
export interface VersionName {
  readonly number: number;
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
}

export interface SeriesItem {
  readonly name: string;
  /** Complete ones. */
  readonly versions: number;
  /** Absent: the series has claims only. */
  readonly newest?: VersionName;
}

export interface VersionItem {
  readonly number: number;
  /** Null where an incomplete version's claim cannot be read; so is `type`. */
  readonly id: string | null;
  readonly type: VersionType | null;
  /** RFC 3339; of an incomplete version when it was claimed. */
  readonly time: string;
  /**
   * `incomplete`: claimed, and not committed; by a run in progress or one that was killed. `removed`: pruned, and parts of
   * its data are still there, because newer versions need them.
   */
  readonly state: 'complete' | 'incomplete' | 'removed';
  readonly pinned: boolean;
  /** Absent also of a pin that says nothing of itself. */
  readonly pin?: PinFacts;
  /** With details, and of incomplete versions. */
  readonly run?: RunInfo;
  /** With details. */
  readonly totals?: Totals;
  /** With details: the packs it refers to, those of older versions too. */
  readonly packs?: StoredSizes['packs'];
}

/** Versions of a series, by state. */
export type StateCounts = Readonly<Record<VersionItem['state'], number>>;

/** What was found, by kind. */
export type Found =
  | { readonly kind: 'series'; readonly items: Items<SeriesItem> }
  | { readonly kind: 'versions'; readonly states: StateCounts; readonly items: Items<VersionItem> }
  | {
      readonly kind: 'entries';
      readonly version: VersionFacts;
      readonly run: RunInfo;
      readonly totals: Totals;
      readonly stored: StoredSizes;
      readonly items: Items<Entry>;
    }
  | {
      readonly kind: 'changes';
      readonly from: VersionFacts;
      readonly to: VersionFacts;
      readonly difference: Difference;
      readonly items: Items<Change>;
    };

/** All that is reported of a listing. */
export type ListReport = CommandReport & Found;
