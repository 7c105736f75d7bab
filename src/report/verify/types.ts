import type { VersionFacts } from '../../retention/types.ts';
import type { Totals } from '../../series/model.ts';
import type { Staleness } from '../../verification/staleness.ts';
import type { Damage, DataSubset, Level } from '../../verification/types.ts';
import type { Items } from '../list/types.ts';
import type { CommandReport } from '../types.ts';

/** A restore that was done to see whether it works. */
export interface Drill {
  readonly durationMs: number;
  readonly totals: Totals;
}

/** What came of one version. */
export interface VerifiedVersion {
  readonly version: VersionFacts;
  /** `pruned`: it was there when the verification began, and is gone. */
  readonly state: 'intact' | 'damaged' | 'pruned';
  /** As its record counts them; absent where that cannot be read. */
  readonly totals?: Totals;
  /** Absent where none was asked for, or where it failed. */
  readonly drill?: Drill;
}

/** All that the log's last lines, the outputs and the job summary of a verification are made of. */
export interface VerifyReport extends CommandReport {
  /** As the input `version` says it. */
  readonly asked: string;
  readonly level: Level;
  /** Absent where every object was asked for. */
  readonly subset?: DataSubset;
  /** Ascending by number. */
  readonly versions: readonly VerifiedVersion[];
  /** The objects that hold the bytes of entries, as far as the level looked at them; each once. */
  readonly checked: { readonly objects: number; readonly bytes: number };
  /** Objects among them of which the store keeps no checksum that is recorded too. */
  readonly notComparable: number;
  /** Entries that are damaged; a version as a whole is one of them. */
  readonly damaged: Items<Damage>;
  /** Absent where no limit was given, and where it is kept. */
  readonly staleness?: Staleness;
}
