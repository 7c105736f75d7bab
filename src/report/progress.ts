import { bytes, count, duration, grouped, rate } from './units.ts';

/** Between two lines. A job that is over before the first one says nothing. */
export const PROGRESS_INTERVAL_MS = 5000;
/** The rate is that of the last 30 s: steady enough to read, quick enough to show a stall. */
const WINDOW_SAMPLES = 6;
/** What a rate cannot be computed of. */
const UNKNOWN = 'unknown';
/** The bytes of the last files may be there before the files are. */
const ALMOST = 0.99;

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

/** What a line is made of; where all is done nothing is left. */
export type ProgressPart = 'files' | 'bytes' | 'rate' | 'left';

/**
 * `1,234 of 5,000 files, 1.2 GiB of 4.8 GiB (25 %), 19 MiB/s, 3 m 14 s left`, or where nobody knows how much there is to
 * come `0 of 1 file, 1.2 GiB so far, 19 MiB/s`
 */
export function progressLine(state: ProgressState): string {
  return [...progressParts(state).values()].join(', ');
}

/** The parts of {@link progressLine}, in its order. */
export function progressParts(state: ProgressState): Map<ProgressPart, string> {
  const recent = state.recent ?? { files: state.doneFiles, bytes: state.doneBytes, ms: state.elapsedMs };
  const left = timeLeft(state, recent);
  return new Map<ProgressPart, string>([
    ['files', `${grouped(state.doneFiles)} of ${count(state.totalFiles, 'file')}`],
    ['bytes', bytesDone(state)],
    ['rate', recent.ms > 0 ? rate((recent.bytes * 1000) / recent.ms) : `rate ${UNKNOWN}`],
    ...(left === undefined ? [] : [['left', left] as const]),
  ]);
}

/** How much is done, 0 to 1: by bytes; where there are none, or nobody knows how many, by files. 1 means all of both. */
export function shareDone(done: Amount, total: Total): number {
  const byBytes = total.bytes > 0 && !total.isOpen;
  const share = byBytes ? done.bytes / total.bytes : done.files / Math.max(1, total.files);
  return Math.min(share, done.files < total.files ? ALMOST : 1);
}

function bytesDone({ doneFiles, totalFiles, doneBytes, totalBytes }: ProgressState): string {
  if (totalBytes === undefined) return `${bytes(doneBytes)} so far`;
  const share = shareDone({ files: doneFiles, bytes: doneBytes }, { files: totalFiles, bytes: totalBytes });
  const percentage = totalBytes === 0 ? '' : ` (${Math.floor(share * 100)} %)`;
  return `${bytes(doneBytes)} of ${bytes(totalBytes)}${percentage}`;
}

/**
 * Small files are bound by requests, large ones by bytes, and which of them are still to come is not known: one half of
 * the work is counted by files, the other by bytes. So neither a large file under way, which moves no files, nor many
 * small ones, which hardly move bytes, can make the time by orders of magnitude too long.
 */
function timeLeft(state: ProgressState, recent: Amount & { readonly ms: number }): string | undefined {
  const { totalFiles, totalBytes } = state;
  if (totalBytes === undefined) return undefined;
  const work = ({ files, bytes: size }: Amount) => shareOf(files, totalFiles) + shareOf(size, totalBytes);
  const rest = work({ files: totalFiles - state.doneFiles, bytes: totalBytes - state.doneBytes });
  if (rest === 0) return undefined;
  const recently = work(recent);
  return recently > 0 ? `${duration((rest * recent.ms) / recently)} left` : `time left ${UNKNOWN}`;
}

function shareOf(part: number, total: number): number {
  return total > 0 ? Math.max(0, part) / total : 0;
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
