import { logText } from '../github/text.ts';
import type { Log, Warning } from '../log.ts';
import { annotation, type ProblemCollector } from '../report/problems.ts';
import type { Amount, Total } from '../report/progress.ts';
import { visible } from '../report/visible.ts';
import { flagWords } from './flag-words.ts';
import { ProgressBar } from './progress-bar.ts';
import type { Screen } from './screen.ts';

const INDENT = '  ';

export interface LogOptions {
  /** Where warnings are counted; the report lists the same. */
  readonly problems: ProblemCollector;
  /** Everything goes to stderr: stdout is for the result as JSON. */
  readonly json: boolean;
  readonly verbose: boolean;
  /** Milliseconds of a steady clock. */
  readonly nowMs: () => number;
}

/**
 * The log of a command at a terminal. What a command says after its steps is its result and goes to stdout; titles of
 * steps, what is said in and before them, and warnings go to stderr.
 */
export class TerminalLog implements Log {
  readonly #screen: Screen;
  readonly #options: LogOptions;
  #depth = 0;
  #hasBegun = false;
  #bar: ProgressBar | undefined;

  constructor(screen: Screen, options: LogOptions) {
    this.#screen = screen;
    this.#options = options;
  }

  debug(message: string): void {
    if (this.#options.verbose) this.#note(message);
  }

  info(message: string): void {
    const isResult = this.#hasBegun && this.#depth === 0;
    // In a result are the names of files, whatever they look like.
    if (!isResult) this.#note(flagWords(message));
    else if (this.#options.json) this.#note(message);
    else this.#screen.result(logText(message));
  }

  warn(warning: Warning): void {
    this.#options.problems.add(warning);
    const { subject = warning.reason } = warning;
    this.debug(
      `${warning.kind}: ${flagWords(warning.message)}${subject === undefined ? '' : ` [${visible(subject)}]`}`,
    );
  }

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#note(title);
    this.#hasBegun = true;
    this.#depth += 1;
    try {
      return await work();
    } finally {
      this.#depth -= 1;
      this.#endBar();
    }
  }

  /** Draws a bar. @returns false where nobody sees it, so that lines have to do */
  progress(done: Amount, total: Total): boolean {
    if (!this.#screen.takesBar) return false;
    const now = this.#options.nowMs();
    // A step may have several transfers, one after the other.
    if (this.#bar?.total !== total) this.#bar = new ProgressBar(total, now);
    const bar = this.#bar.draw(done, now, this.#screen.columns);
    if (bar !== undefined) this.#screen.setBar(bar);
    return true;
  }

  /** Whoever reads a recording of the terminal finds there how far it came. */
  #endBar(): void {
    if (this.#bar !== undefined) this.#screen.setBar(this.#bar.drawLast(this.#options.nowMs(), this.#screen.columns));
    this.#bar = undefined;
    this.#screen.setBar('');
  }

  /** Says what to beware of: once, when no more warnings come. */
  flush(): void {
    for (const problem of this.#options.problems.list()) {
      const { title, message } = annotation({ ...problem, message: flagWords(problem.message) });
      this.#screen.note(`warning: ${title}: ${message}`);
    }
  }

  #note(message: string): void {
    const indent = INDENT.repeat(this.#depth);
    for (const line of logText(message).split('\n')) this.#screen.note(indent + line);
  }
}
