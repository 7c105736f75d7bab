import type { CommandReport } from '../report/types.ts';
import type { SeriesLocation } from '../series/keys.ts';
import type { CommandPorts } from './ports.ts';

/** What every command reports of itself, once its work is done. @param startedMs of `ports.monotonicMs` */
export function commandReport(location: SeriesLocation, ports: CommandPorts, startedMs: number): CommandReport {
  return {
    place: { bucket: ports.store.bucket, ...location, ...ports.place },
    requests: ports.requests(),
    durationMs: ports.monotonicMs() - startedMs,
    problems: ports.problems(),
  };
}
