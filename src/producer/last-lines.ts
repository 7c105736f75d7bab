import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut, as a program may never end one. */
const MAX_LINE_CHARACTERS = 4096;
/** What is kept to be shown again, a few kilobytes. */
const KEPT_LINES = 10;
const KEPT_CHARACTERS = 400;

/** Cuts what a program says into lines, hands each on as soon as it is whole, and keeps the last few. */
export class LastLines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #conceal: (text: string) => string;
  readonly #onLine: (line: string) => void;
  #rest = '';
  #kept: readonly string[] = [];

  /**
   * @param conceal takes secrets out of a line
   * @param onLine is given every line but empty ones
   */
  constructor(conceal: (text: string) => string, onLine: (line: string) => void) {
    this.#conceal = conceal;
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    this.#take(this.#decoder.write(bytes));
  }

  /** To be called after the last bytes. */
  end(): void {
    this.#take(`${this.#decoder.end()}\n`);
  }

  /** The last lines, oldest first. */
  get kept(): readonly string[] {
    return this.#kept;
  }

  /** A bar that is drawn over itself ends its lines with a carriage return alone. */
  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split(/[\r\n]/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#hand(line);
    // What is too long is dropped, so that a line that never ends takes no memory.
    this.#rest = this.#rest.slice(0, MAX_LINE_CHARACTERS);
  }

  #hand(text: string): void {
    if (text.trim() === '') return;
    const line = this.#conceal(text.slice(0, MAX_LINE_CHARACTERS));
    this.#kept = [...this.#kept, line.slice(0, KEPT_CHARACTERS)].slice(-KEPT_LINES);
    this.#onLine(line);
  }
}
