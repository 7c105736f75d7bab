import type { RunInfo } from '../series/model.ts';

/** What inputs are read against. Of the run: what is not known is empty. */
export interface InputContext extends Pick<RunInfo, 'repository' | 'ref' | 'workflow' | 'job'> {
  /** Absolute. */
  readonly workspace: string;
}
