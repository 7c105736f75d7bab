import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a stream of bytes into lines as the runner does: at LF, CR LF and a lone CR. (`node:readline` also cuts at
 * U+2028 and U+2029, which would let a file name begin a line here that begins none on the real runner.)
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#onLine(line);
    }
  }

  /** Hands over a last line that has no line break. */
  end(): void {
    const last = (this.#rest + this.#decoder.end()).replace(/\r$/, '');
    if (last !== '') {
      this.#onLine(last);
    }
    this.#rest = '';
  }
}
