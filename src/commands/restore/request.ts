import type { RestoreRules } from '../../restoration/types.ts';
import type { SeriesKeys } from '../../series/keys.ts';
import type { ObjectReader } from '../../store/resume.ts';
import type { CommandPorts } from '../ports.ts';

/** What a restore is asked to do: parsed, checked, complete. */
export interface RestoreRequest {
  readonly keys: SeriesKeys;
  /** What names the version. */
  readonly version: string;
  /** None: everything. */
  readonly patterns: readonly string[];
  /** Absolute. Absent: a fresh directory below the workspace. */
  readonly target?: string;
  /** Absolute. */
  readonly workspace: string;
  readonly rules: RestoreRules;
  readonly onNotFound: 'error' | 'ignore';
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
}

export interface RestorePorts extends CommandPorts {
  /** The store, with bodies that outlive their connections. */
  readonly reader: ObjectReader;
}
