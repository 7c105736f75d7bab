import { type Amount, progressLine, type Total } from '../report/progress.ts';

/** The eye follows no faster, and drawing costs. */
const REDRAW_INTERVAL_MS = 100;
/** The rate is that of the last seconds: steady enough to read, quick enough to show a stall. */
const SAMPLE_INTERVAL_MS = 500;
const MAX_SAMPLES = 20;
const BAR_CELLS = 10;

interface Sample {
  readonly done: Amount;
  readonly atMs: number;
}

/** Decides when to draw and what. It has no clock: the caller says what time it is, in milliseconds of a steady clock. */
export class ProgressBar {
  readonly #startMs: number;
  #samples: readonly Sample[];
  #drawnMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#samples = [{ done: { files: 0, bytes: 0 }, atMs: startMs }];
    this.#drawnMs = startMs;
  }

  /** The bar as it should look now, or undefined while the last one will do. @param columns of the terminal */
  draw(done: Amount, total: Total, nowMs: number, columns: number): string | undefined {
    const oldest = this.#sample(done, nowMs);
    if (nowMs - this.#drawnMs < REDRAW_INTERVAL_MS) return undefined;
    this.#drawnMs = nowMs;
    const text = progressLine({
      doneFiles: done.files,
      totalFiles: total.files,
      doneBytes: done.bytes,
      totalBytes: total.isOpen ? undefined : total.bytes,
      elapsedMs: nowMs - this.#startMs,
      recent: {
        files: done.files - oldest.done.files,
        bytes: done.bytes - oldest.done.bytes,
        ms: nowMs - oldest.atMs,
      },
    });
    // The last column stays free: there some terminals would begin a new line.
    return `${cells(done, total)} ${text}`.slice(0, Math.max(0, columns - 1));
  }

  /** @returns the sample that the rate counts from */
  #sample(done: Amount, nowMs: number): Sample {
    const latest = this.#samples.at(-1);
    const oldest = this.#samples[0] ?? { done, atMs: nowMs };
    if (latest === undefined || nowMs - latest.atMs >= SAMPLE_INTERVAL_MS) {
      this.#samples = [...this.#samples, { done, atMs: nowMs }].slice(-MAX_SAMPLES);
    }
    return oldest;
  }
}

/** Bytes count; where there are none, or nobody knows how many, files do. */
function cells(done: Amount, total: Total): string {
  const share = total.bytes > 0 && !total.isOpen ? done.bytes / total.bytes : done.files / Math.max(1, total.files);
  const full = Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}
