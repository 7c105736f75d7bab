import type { SeriesKeys } from '../../series/keys.ts';
import type { ObjectReader } from '../../store/resume.ts';
import type { MaxAge } from '../../verification/staleness.ts';
import type { DataSubset, Level } from '../../verification/types.ts';
import type { CommandPorts } from '../ports.ts';
import type { Findings } from './findings.ts';

/** What stands in the place of a version where all are meant. */
export const ALL_VERSIONS = 'all';

/** What a verification is asked to do: parsed, checked, complete. */
export interface VerifyRequest {
  readonly keys: SeriesKeys;
  /** {@link ALL_VERSIONS}, or see `parseVersionSelector`. */
  readonly version: string;
  readonly level: Level;
  /** Of level `data`. Absent: every object. */
  readonly subset?: DataSubset;
  /** Absent: the newest version may be of any age. */
  readonly maxAge?: MaxAge;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Bytes of all buffers together. */
  readonly maxMemory: number;
}

/** What the steps of a verification work with. */
export interface VerifyContext extends CommandPorts {
  readonly request: VerifyRequest;
  /** The store, with bodies that outlive their connections. */
  readonly reader: ObjectReader;
  readonly findings: Findings;
  /** Absolute; what is left in it goes with it. */
  readonly scratch: string;
}
