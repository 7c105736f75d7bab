import type { VersionType } from '../series/model.ts';

/** What the policy may look at: names from the catalogue, nothing that needs a request. */
export interface VersionFacts {
  readonly id: string;
  readonly number: number;
  readonly type: VersionType;
  /** The store's clock when the version was claimed. */
  readonly time: Date;
}

/** The rules that were given; an absent rule keeps nothing by itself. */
export interface RetentionPolicy {
  /** The newest N versions; an integer of at least 1. */
  readonly keepLast?: number;
}

export interface Pin {
  readonly number: number;
}

export interface Decision {
  readonly version: VersionFacts;
  readonly keep: boolean;
  /**
   * Why, as a person reads it; never empty. Of a kept version all that keep it: `last 3 of 14`, `newest version`,
   * `pinned`, `no retention rule`; of a removal what did not reach it: `beyond the last 14`.
   */
  readonly reasons: readonly string[];
}

/** One decision per version, newest first. */
export interface RetentionPlan {
  readonly decisions: readonly Decision[];
}
