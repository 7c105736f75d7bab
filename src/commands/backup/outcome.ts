import type { BackupReport, Difference, PruneReport } from '../../report/types.ts';
import type { VersionFacts } from '../../retention/types.ts';
import type { Selection } from '../../selection/types.ts';
import { objectLock, recordedLock } from '../../series/lock.ts';
import type { Totals } from '../../series/model.ts';
import type { CommandPorts } from '../ports.ts';
import { versionTags } from './attributes.ts';
import type { BackupRequest } from './request.ts';

/** What came of the steps, for the report. */
export interface Outcome {
  readonly version: VersionFacts;
  readonly largest: Selection['largest'];
  readonly skipped: Selection['skipped'];
  readonly totals: Totals;
  readonly sentBytes: number;
  /** Of a dry run: number of the version the planned one would build on. */
  readonly buildsOn?: number;
  /** Present where an earlier attempt was gone on with. */
  readonly resumed?: BackupReport['resumed'];
  readonly stored?: BackupReport['stored'];
  readonly difference?: Difference | undefined;
  readonly prune: PruneReport;
}

/** @param startedMs on the monotonic clock */
export function reportOf(
  outcome: Outcome,
  request: BackupRequest,
  ports: CommandPorts,
  startedMs: number,
): BackupReport {
  const { keys, storageClass, lock, dryRun } = request;
  const { version, difference, largest, skipped } = outcome;
  const recordKey = keys.record(version.id);
  const problems = ports.problems();
  return {
    dryRun,
    version,
    location: {
      bucket: ports.store.bucket,
      ...keys.location,
      recordKey,
      uri: `s3://${ports.store.bucket}/${recordKey}`,
      ...ports.place,
      ...(storageClass && { storageClass }),
    },
    run: ports.run,
    totals: outcome.totals,
    largest,
    skipped,
    uploadedBytes: outcome.sentBytes,
    ...(outcome.buildsOn !== undefined && { buildsOn: outcome.buildsOn }),
    ...(outcome.resumed && { resumed: outcome.resumed }),
    ...(outcome.stored && { stored: outcome.stored }),
    requests: ports.requests(),
    durationMs: ports.monotonicMs() - startedMs,
    ...(difference && { difference }),
    prune: outcome.prune,
    problems,
    ...(lock && { lock: recordedLock(objectLock(lock, version.time)) }),
    tags: ports.store.takesTags ? versionTags(request, ports.run, version.id) : {},
  };
}
