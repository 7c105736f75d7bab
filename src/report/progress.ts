import { bytes, count, duration, grouped, rate } from './units.ts';

/** Between two lines. A job that is over before the first one says nothing. */
export const PROGRESS_INTERVAL_MS = 5000;
/** The rate is that of the last 30 s: steady enough to read, quick enough to show a stall. */
const WINDOW_SAMPLES = 6;
/** What a rate cannot be computed of. */
const UNKNOWN = 'unknown';

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** Of a transfer. */
export interface Total extends Amount {
  /** More bytes are to come, nobody knows how many. */
  readonly isOpen?: boolean;
}

export interface ProgressState {
  readonly doneFiles: number;
  readonly totalFiles: number;
  readonly doneBytes: number;
  /** Undefined where it is not known. */
  readonly totalBytes: number | undefined;
  readonly elapsedMs: number;
  /** What was done lately, for the rate; everything since the start where it is absent. */
  readonly recent?: Amount & { readonly ms: number };
}

/**
 * `1,234 of 5,000 files, 1.2 GiB of 4.8 GiB (25 %), 19 MiB/s, 3 m 14 s left`, or where nobody knows how much there is to
 * come `0 of 1 file, 1.2 GiB so far, 19 MiB/s`
 */
export function progressLine(state: ProgressState): string {
  const recent = state.recent ?? { files: state.doneFiles, bytes: state.doneBytes, ms: state.elapsedMs };
  return [
    `${grouped(state.doneFiles)} of ${count(state.totalFiles, 'file')}`,
    bytesDone(state),
    recent.ms > 0 ? rate((recent.bytes * 1000) / recent.ms) : `rate ${UNKNOWN}`,
    ...(state.totalBytes === undefined ? [] : [timeLeft({ ...state, totalBytes: state.totalBytes }, recent)]),
  ].join(', ');
}

function bytesDone({ doneBytes, totalBytes }: ProgressState): string {
  if (totalBytes === undefined) return `${bytes(doneBytes)} so far`;
  const percentage = totalBytes === 0 ? '' : ` (${Math.min(100, Math.floor((doneBytes * 100) / totalBytes))} %)`;
  return `${bytes(doneBytes)} of ${bytes(totalBytes)}${percentage}`;
}

/** Many small files are bound by requests, few large ones by bytes: whichever takes longer counts. */
function timeLeft(
  state: ProgressState & { readonly totalBytes: number },
  recent: Amount & { readonly ms: number },
): string {
  const byBytes = millisecondsFor(state.totalBytes - state.doneBytes, recent.bytes, recent.ms);
  const byFiles = millisecondsFor(state.totalFiles - state.doneFiles, recent.files, recent.ms);
  // A large file under way moves bytes but no files, which says nothing about the time the files left will take.
  const left = byFiles === Number.POSITIVE_INFINITY ? byBytes : Math.max(byBytes, byFiles);
  return left === Number.POSITIVE_INFINITY ? `time left ${UNKNOWN}` : `${duration(left)} left`;
}

function millisecondsFor(rest: number, recentlyDone: number, recentMs: number): number {
  if (rest <= 0) return 0;
  return recentlyDone > 0 ? (rest * recentMs) / recentlyDone : Number.POSITIVE_INFINITY;
}

interface Sample {
  readonly done: Amount;
  readonly atMs: number;
}

/** Decides when a line is due. It has no clock: the caller says what time it is, in milliseconds of a steady clock. */
export class ProgressMeter {
  readonly #total: Total;
  readonly #start: Sample;
  #samples: readonly Sample[];

  constructor(total: Total, startMs: number) {
    this.#total = total;
    this.#start = { done: { files: 0, bytes: 0 }, atMs: startMs };
    this.#samples = [this.#start];
  }

  /** The line to show now, or undefined while none is due. Cheap enough to call after every part. */
  line(done: Amount, nowMs: number): string | undefined {
    const latest = this.#samples.at(-1) ?? this.#start;
    if (nowMs - latest.atMs < PROGRESS_INTERVAL_MS) return undefined;
    const oldest = this.#samples[0] ?? this.#start;
    this.#samples = [...this.#samples, { done, atMs: nowMs }].slice(-WINDOW_SAMPLES - 1);
    return progressLine({
      doneFiles: done.files,
      totalFiles: this.#total.files,
      doneBytes: done.bytes,
      totalBytes: this.#total.isOpen ? undefined : this.#total.bytes,
      elapsedMs: nowMs - this.#start.atMs,
      recent: {
        files: done.files - oldest.done.files,
        bytes: done.bytes - oldest.done.bytes,
        ms: nowMs - oldest.atMs,
      },
    });
  }
}
