import { BackupError } from '../errors.ts';

/** How a cancelled job is stopped: SIGINT, 7.5 s later SIGTERM, 2.5 s later the whole process tree is killed. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** How long requests that are still under way may go on once the step has said that it was cancelled. */
const LEAVE_AFTER_MS = 2_500;

export interface Cancellation {
  /** Aborted when the runner asks the step to stop; the reason is the error to fail with. */
  readonly signal: AbortSignal;
  /**
   * To be called at the end. Ends a cancelled step even if a reply is outstanding that nobody waits for any more: the
   * process would live on for it until the runner kills it.
   */
  leave(): void;
}

/** Takes the place of what the runner's signals do by default. */
export function cancellation(): Cancellation {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.once(name, () => {
      controller.abort(
        new BackupError(`The step was cancelled (${name}); no version was made, and open uploads were aborted.`, {
          class: 'local',
          operation: 'cancel',
          code: name,
        }),
      );
    });
  }
  const { signal } = controller;
  return {
    signal,
    leave() {
      if (signal.aborted) setTimeout(() => process.exit(), LEAVE_AFTER_MS).unref();
    },
  };
}
