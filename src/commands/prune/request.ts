import type { MaxDelete } from '../../retention/guards.ts';
import type { RetentionPolicy } from '../../retention/types.ts';
import type { SeriesKeys } from '../../series/keys.ts';

/** By which policy a series is pruned: parsed, checked, complete. A backup that prunes has it too. */
export interface PruneRequest {
  readonly keys: SeriesKeys;
  readonly retention: {
    readonly policy: RetentionPolicy;
    /** IANA name of the zone of the policy's calendar. */
    readonly timezone: string;
    readonly maxDelete: MaxDelete;
    readonly pruneNoncurrent: boolean;
    readonly abandonedAfterMs: number;
  };
}
