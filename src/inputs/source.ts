/** Where inputs come from: the runner, a command line, or a plain object in a test. */
export interface InputSource {
  /** Without spaces around it; empty for an input that was not given. */
  get(name: string): string;
  /** The lines of an input, without spaces around them and without empty ones. */
  getLines(name: string): readonly string[];
}
