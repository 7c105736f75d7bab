import { getState, saveState } from '@actions/core';
import type { Stage } from '../commands/ports.ts';

/** Names of what the main phase of a step leaves for its post phase (`GITHUB_STATE`): the stages, and its end. */
const STAGES: readonly Stage[] = ['claimed', 'committing', 'committed'];
const ENDED = 'ended';

/** Written at once, so that a step which is killed later has said what it was at. */
export class StepState {
  #hasBegun = false;

  /** @param id of the version that has come so far */
  readonly reached = (stage: Stage, id: string): void => {
    this.#hasBegun = true;
    saveState(stage, id);
  };

  /** To be called when all is done, also after a failure that was told. */
  ended(): void {
    if (this.#hasBegun) saveState(ENDED, 'true');
  }
}

/** What a main phase was at when it was killed. */
export interface KilledAt {
  /** Of the version it was at work on. */
  readonly id: string;
  /** The last one that this version is known to have reached. */
  readonly stage: Stage;
}

/** Undefined where no main phase was killed, or it had taken no number. A step that makes a second version claims anew. */
export function killedAtWork(): KilledAt | undefined {
  const id = getState('claimed');
  if (id === '' || getState(ENDED) !== '') return undefined;
  return { id, stage: STAGES.findLast((stage) => getState(stage) === id) ?? 'claimed' };
}
