import type { Readable } from 'node:stream';
import type { Variables } from '../github/environment.ts';
import type { Output } from './screen.ts';

/** All of the world that the program touches, but for the files it is told of and the store. */
export interface Terminal {
  readonly variables: Variables;
  /** Absolute; where relative paths start. */
  readonly directory: string;
  /** Absolute; where the user keeps configuration files of programs. */
  readonly configDirectory: string;
  /** Of the user, as the system knows it; empty where it does not. */
  readonly userName: () => string;
  /** What it is given to read; asked for only by what reads it. */
  readonly stdin: () => Readable;
  /** Whether that is a keyboard. */
  readonly stdinIsTerminal: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds of a steady clock. */
  readonly nowMs: () => number;
}
