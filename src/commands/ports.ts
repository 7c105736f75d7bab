import type { Log } from '../log.ts';
import type { OutputSource, Producer } from '../producer/types.ts';
import type { BackupReport, Problem, RequestCounts } from '../report/types.ts';
import type { RunInfo } from '../series/model.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Pace } from '../store/pace.ts';
import type { RetryPorts } from '../store/retry.ts';

/**
 * How far a backup is with its version: its number is taken; its record may be there from now on; its record is there, so
 * that all that follows changes nothing of it.
 */
export type Stage = 'claimed' | 'committing' | 'committed';

/** What a command works with. Everything that touches the world comes from here, so that a test can hand in its own. */
export interface CommandPorts extends RetryPorts {
  readonly store: ObjectStore;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Who runs the command. */
  readonly run: RunInfo;
  /** Absolute; for lists that are too long for memory. The run's own, which goes with it. */
  readonly temporaryDirectory: string;
  /** Absolute; for files that later steps or attempts of the job read. The runner empties it after the job. */
  readonly lastingDirectory: string;
  /** Absolute paths of the files and directories by which steps give orders to the runner; empty outside a workflow. */
  readonly runnerFiles: readonly string[];
  /** Looks whether what writes the output can be started. @throws BackupError of class `local` */
  readonly checkProducer: (source: OutputSource) => Promise<void>;
  /** Starts what writes the output that is to be stored; the signal ends it. */
  readonly produce: (source: OutputSource, signal: AbortSignal) => Producer;
  /** Told how far a version is, by its ID, before anything else is done: for whoever follows a step that was killed. */
  readonly onStage?: (stage: Stage, id: string) => void;
  /** 32 hex digits, fresh each time. */
  readonly nonce: () => string;
  /** Requests in flight, as the store takes them. */
  readonly pace: Pace;
  readonly requests: () => RequestCounts;
  readonly problems: () => readonly Problem[];
  /** True where conditional writes are documented, so that they need not be tried out. */
  readonly conditionalWritesKnown: boolean;
  readonly tool: { readonly name: string; readonly version: string };
  /** For reports. */
  readonly place: Pick<BackupReport['location'], 'endpoint' | 'region'>;
}
