import { getState, saveState } from '@actions/core';

/** Names of what the main phase of a step leaves for its post phase (`GITHUB_STATE`). */
const CLAIMED = 'claimed';
const ENDED = 'ended';

/** Written at once, so that a step which is killed later has said what it was at. */
export class StepState {
  #hasClaimed = false;

  /** @param id of the version whose number was taken */
  readonly claimed = (id: string): void => {
    this.#hasClaimed = true;
    saveState(CLAIMED, id);
  };

  /** To be called when all is done, also after a failure that was told. */
  ended(): void {
    if (this.#hasClaimed) saveState(ENDED, 'true');
  }
}

/** The ID of the version that a main phase was at work on when it was killed; undefined where none was. */
export function killedAtWork(): string | undefined {
  const claimed = getState(CLAIMED);
  return claimed === '' || getState(ENDED) !== '' ? undefined : claimed;
}
