import type { RunInfo, Totals } from '../../series/model.ts';
import type { BackupReport, CommandReport } from '../types.ts';

/** All that the log's last lines, the outputs and the job summary of a restore are made of. */
export interface RestoreReport extends CommandReport {
  /** As the input `version` says it. */
  readonly asked: string;
  /** Absent where there is no such version. */
  readonly version?: BackupReport['version'];
  /** Who made the version. */
  readonly run?: RunInfo;
  /** Absent where there was nothing to restore. */
  readonly restored?: Restored;
  /** Why there was nothing: one sentence. */
  readonly notFound?: string;
}

export interface Restored {
  /** Absolute. */
  readonly target: string;
  /** Of the chosen entries, all of which are in the target now. */
  readonly totals: Totals;
  /** Entries among them that were there already and stayed untouched. */
  readonly left: number;
  readonly fetchedBytes: number;
  /** Entries of the version that were not asked for. */
  readonly leftOut: { readonly notChosen: number; readonly stripped: number };
}
