import type { RunInfo } from '../series/model.ts';

/** What inputs are read against. Of the run: what is not known is empty. */
export interface InputContext extends Pick<RunInfo, 'repository' | 'ref' | 'workflow' | 'job'> {
  /** Absolute. */
  readonly workspace: string;
  /** How the output of a command comes in at a terminal. Absent on a runner, where it is an input. */
  readonly terminal?: TerminalOutput;
}

export interface TerminalOutput {
  /** Program and arguments behind `--`; empty: nothing stands there. */
  readonly command: readonly string[];
  /** Whether stdin is something else than a keyboard. */
  readonly hasPipe: boolean;
}
