import type { Decision, VersionFacts } from '../retention/types.ts';
import type { Skipped } from '../selection/types.ts';
import type { Difference } from '../series/difference.ts';
import type { RunInfo, Totals, VersionType } from '../series/model.ts';
import type { PruneOutcome } from '../series/prune-outcome.ts';
import type { RecordedLock } from '../series/record.ts';
import type { PinChange } from '../series/set-pin.ts';
import type { StoredForms } from '../series/stored-forms.ts';

/** A kind of problem met on the way, counted. */
export interface Problem {
  readonly kind: string;
  readonly message: string;
  readonly count: number;
  /** A few subjects: hostile text. */
  readonly examples: readonly string[];
  /** A few reasons, each a sentence of hostile text. Absent: none. */
  readonly reasons?: readonly string[];
}

export type { Difference, PathSample } from '../series/difference.ts';

/** HTTP requests as Amazon bills them, retries included. */
export interface RequestCounts {
  /** PUT, COPY, POST, and LIST, which is billed as they are. */
  readonly writes: number;
  /** GET, HEAD and all else that is billed as such. */
  readonly reads: number;
  /** DELETE, abort: not billed. */
  readonly free: number;
}

/** What a prune did, or in a dry run what it would do. */
export interface PruneReport extends Omit<PruneOutcome, 'warnings'> {
  /** `off`: no rule was given, or `prune` was off. `planned`: a dry run. */
  readonly outcome: 'off' | 'planned' | 'done' | 'failed';
  /** A guard stopped it before the first delete; `failure` says which, and what to do. */
  readonly stopped?: true;
  /** What is counted as deleted is an upper bound, as a version that is only planned may refer to some of it. */
  readonly isAtMost?: true;
  /** Newest first, the version of this run included. */
  readonly decisions: readonly Decision[];
}

/** Where a series is, or where all series below a prefix are. */
export interface ReportedPlace {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty: all below the prefix. */
  readonly series: string;
  /** Absent for Amazon S3 itself. */
  readonly endpoint?: string;
  readonly region?: string;
}

/** What there is to say of every command that makes no version. */
export interface CommandReport {
  readonly place: ReportedPlace;
  readonly requests: RequestCounts;
  readonly durationMs: number;
  readonly problems: readonly Problem[];
}

/** All that is reported of a prune by itself. */
export interface PruneCommandReport extends CommandReport {
  readonly dryRun: boolean;
  readonly prune: PruneReport;
}

/** All that is reported of pinning and unpinning. */
export interface PinReport extends CommandReport, PinChange {
  /** What was asked for, and is so now. */
  readonly state: 'pinned' | 'unpinned';
  readonly version: VersionFacts;
}

/** All that the log's last lines, the outputs and the job summary of a backup are made of. */
export interface BackupReport {
  readonly dryRun: boolean;
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly type: VersionType;
    readonly time: Date;
  };
  readonly location: {
    readonly bucket: string;
    readonly prefix: string;
    readonly series: string;
    readonly recordKey: string;
    /** `s3://bucket/prefix/series/versions/ID.json` */
    readonly uri: string;
    /** Absent for Amazon S3 itself. */
    readonly endpoint?: string;
    readonly region?: string;
    readonly storageClass?: string;
  };
  readonly run: RunInfo;
  readonly totals: Totals;
  readonly largest: readonly { readonly path: string; readonly size: number }[];
  readonly skipped: { readonly hidden: Skipped; readonly credentials: Skipped; readonly special: Skipped };
  readonly uploadedBytes: number;
  /** Of a dry run: number of the version the planned one would build on, with which it was not compared. */
  readonly buildsOn?: number;
  /** Present where an interrupted attempt was gone on with. */
  readonly resumed?: {
    /** 2, 3 … */
    readonly turn: number;
    /** That were not sent again. */
    readonly bytes: number;
  };
  /** How the files are stored; absent for a dry run. */
  readonly stored?: StoredForms & {
    readonly packs: number;
    /** As `filesIn`, of the packs. */
    readonly packsIn: readonly string[];
  };
  readonly requests: RequestCounts;
  readonly durationMs: number;
  /** Absent for the first version, for a dry run, and where the version before could not be read. */
  readonly difference?: Difference;
  readonly prune: PruneReport;
  readonly problems: readonly Problem[];
  /** Of the objects of the version. Absent: none. */
  readonly lock?: RecordedLock;
  /** The tags the objects carry; empty where the store has no tagging. */
  readonly tags: Readonly<Record<string, string>>;
}
