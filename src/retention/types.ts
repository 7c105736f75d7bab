import type { VersionType } from '../series/model.ts';
import type { Span } from './calendar.ts';

/** What the policy may look at: names from the catalogue, nothing that needs a request, and tags where a rule asks. */
export interface VersionFacts {
  readonly id: string;
  readonly number: number;
  readonly type: VersionType;
  /** The store's clock when the version was claimed. */
  readonly time: Date;
  /** The user's tags, from the record. Absent where no rule asks for them, and where they could not be read. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A tag of the user's that keeps every version that has it. */
export interface TagRule {
  readonly key: string;
  /** Absent: any. */
  readonly value?: string;
}

/**
 * The rules that were given; an absent rule keeps nothing by itself. Rules are OR-ed, and a version that satisfies
 * several counts in each. Counts are integers of at least 1. `maxAge` is a limit on what all of them but tags keep.
 */
export interface RetentionPolicy {
  /** The newest N versions. */
  readonly keepLast?: number;
  /** The newest version of each of the newest N hours (days, ISO weeks …) that have a version. */
  readonly keepHourly?: number;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly keepYearly?: number;
  /** Versions that are younger than this, seen from the newest version: no clock moves it on. */
  readonly keepWithin?: Span;
  /** Every version with one of these tags; never an empty list. */
  readonly keepTags?: readonly TagRule[];
  /** Versions that are older than this by the store's clock go, whichever of the rules above but tags would keep them. */
  readonly maxAge?: Span;
}

/** From where time is measured. */
export interface Reference {
  /** The store's clock. */
  readonly now: Date;
  /** IANA name of the zone by whose calendar periods are told apart. */
  readonly timezone: string;
}

export interface Pin {
  readonly number: number;
}

export interface Decision {
  readonly version: VersionFacts;
  readonly keep: boolean;
  /**
   * Why, as a person reads it; never empty. Of a kept version all that keep it: `last 3 of 14`, `daily 2026-11-22 (2 of
   * 7)`, `newest version`, `pinned`, `no retention rule`; of a removal what did not reach it: `beyond the last 14`.
   */
  readonly reasons: readonly string[];
}

/** One decision per version, newest first. */
export interface RetentionPlan {
  readonly decisions: readonly Decision[];
}
