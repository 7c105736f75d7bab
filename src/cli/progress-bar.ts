import { type Amount, type ProgressPart, progressParts, shareDone, type Total } from '../report/progress.ts';

/** The eye follows no faster, and drawing costs. */
const REDRAW_INTERVAL_MS = 100;
/** The rate is that of the last seconds: steady enough to read, quick enough to show a stall. */
const SAMPLE_INTERVAL_MS = 500;
const MAX_SAMPLES = 20;
const BAR_CELLS = 10;
/** What a narrow terminal goes without, first to last. */
const DISPENSABLE: readonly BarPart[] = ['rate', 'files', 'cells', 'left', 'bytes'];

type BarPart = ProgressPart | 'cells';

interface Sample {
  readonly done: Amount;
  readonly atMs: number;
}

/**
 * The bar of one transfer: decides when to draw and what. It has no clock: the caller says what time it is, in
 * milliseconds of a steady clock.
 */
export class ProgressBar {
  readonly total: Total;
  readonly #startMs: number;
  #done: Amount = { files: 0, bytes: 0 };
  #samples: readonly Sample[];
  #drawnMs: number;

  constructor(total: Total, startMs: number) {
    this.total = total;
    this.#startMs = startMs;
    this.#samples = [{ done: this.#done, atMs: startMs }];
    this.#drawnMs = startMs;
  }

  /**
   * The bar as it should look now, or undefined while the last one will do; when all is done it is always drawn, as
   * nothing more may come.
   * @param columns of the terminal
   */
  draw(done: Amount, nowMs: number, columns: number): string | undefined {
    this.#done = done;
    const oldest = this.#sample(nowMs);
    if (nowMs - this.#drawnMs < REDRAW_INTERVAL_MS && shareDone(done, this.total) < 1) return undefined;
    return this.#drawn(oldest, nowMs, columns);
  }

  /** As {@link draw}, of what was done last, however soon after the last one. */
  drawLast(nowMs: number, columns: number): string {
    return this.#drawn(this.#sample(nowMs), nowMs, columns);
  }

  #drawn(oldest: Sample, nowMs: number, columns: number): string {
    this.#drawnMs = nowMs;
    const [done, total] = [this.#done, this.total];
    const parts = progressParts({
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
    return fitting(cells(shareDone(done, total)), parts, columns - 1);
  }

  /** @returns the sample that the rate counts from */
  #sample(nowMs: number): Sample {
    const done = this.#done;
    const latest = this.#samples.at(-1);
    const oldest = this.#samples[0] ?? { done, atMs: nowMs };
    if (latest === undefined || nowMs - latest.atMs >= SAMPLE_INTERVAL_MS) {
      this.#samples = [...this.#samples, { done, atMs: nowMs }].slice(-MAX_SAMPLES);
    }
    return oldest;
  }
}

/** As many of the parts as have room, each whole; empty where none has. */
function fitting(cells: string, parts: ReadonlyMap<ProgressPart, string>, width: number): string {
  const shown = new Map<BarPart, string>([['cells', cells], ...parts]);
  for (const part of DISPENSABLE) {
    if (lineOf(shown).length <= width) break;
    shown.delete(part);
  }
  return lineOf(shown);
}

function lineOf(parts: ReadonlyMap<BarPart, string>): string {
  const words = [...parts].flatMap(([part, text]) => (part === 'cells' ? [] : [text]));
  return `${parts.get('cells') ?? ''} ${words.join(', ')}`.trim();
}

function cells(share: number): string {
  const full = Math.floor(share * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}
