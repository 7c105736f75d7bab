import type { Redaction } from '../redaction.ts';

/** One of the two streams of a terminal, or of what stands in its place. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** To the start of the line, and all of it away (ECMA-48: CR, EL 2). */
export const CLEAR_LINE = '\r\u001b[2K';
const DEFAULT_COLUMNS = 80;

/** Writes lines to both streams, without secrets, and keeps a bar below them. */
export class Screen {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #redaction: Redaction;
  #bar = '';

  constructor(outputs: { readonly stdout: Output; readonly stderr: Output; readonly redaction: Redaction }) {
    this.#stdout = outputs.stdout;
    this.#stderr = outputs.stderr;
    this.#redaction = outputs.redaction;
  }

  /** Whether somebody sees a bar. */
  get takesBar(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Some terminals say that they have none. */
  get columns(): number {
    return this.#stderr.columns || DEFAULT_COLUMNS;
  }

  /** What the command was asked for. */
  result(line: string): void {
    this.#write(this.#stdout, line);
  }

  /** How the command goes on. */
  note(line: string): void {
    this.#write(this.#stderr, line);
  }

  /** Shows a bar in place of the one before; an empty one takes it away. */
  setBar(bar: string): void {
    if (bar === this.#bar || !this.takesBar) return;
    this.#stderr.write(CLEAR_LINE + bar);
    this.#bar = bar;
  }

  /** Both streams may be the same terminal: the bar makes way. */
  #write(output: Output, line: string): void {
    const bar = this.#bar;
    this.setBar('');
    output.write(`${this.#redaction.redact(line)}\n`);
    this.setBar(bar);
  }
}
