import type { RunInfo } from './model.ts';

/**
 * Whether a run is an earlier attempt of another: the same job of the same run, with a lower number. GitHub begins an
 * attempt when all jobs of the one before are over. Of the same attempt nothing is said: jobs of a matrix have one name.
 */
export function isEarlierAttempt(run: RunInfo, now: RunInfo): boolean {
  return isSameJob(run, now) && attemptOf(run) < attemptOf(now);
}

/** Jobs of a matrix are the same job. Outside a workflow there is none. */
export function isSameJob(run: RunInfo, now: RunInfo): boolean {
  return now.runId !== '' && run.runId === now.runId && run.job === now.job && run.repository === now.repository;
}

/** NaN, which is less than nothing, where it is not known. */
function attemptOf({ runAttempt }: RunInfo): number {
  return /^\d{1,9}$/.test(runAttempt) ? Number(runAttempt) : Number.NaN;
}
