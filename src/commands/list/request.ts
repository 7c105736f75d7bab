import type { Wanted } from '../../inputs/list.ts';
import type { SeriesLocation } from '../../series/keys.ts';

/** What a listing is asked for: parsed, checked, complete. */
export interface ListRequest {
  /** The series is empty where all below the prefix are listed. */
  readonly location: SeriesLocation;
  readonly wanted: Wanted;
}
