import { BackupError } from './errors.ts';

/** By which a process is asked to stop. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** How long requests that are still under way may go on once it was said that the command is over. */
const LEAVE_AFTER_MS = 2_500;

export interface Interruption {
  /** Aborted when the process is asked to stop; the reason is the error to fail with. */
  readonly signal: AbortSignal;
  /**
   * To be called at the end. Ends an interrupted process even if a reply is outstanding that nobody waits for any more:
   * it would live on for it until it is killed.
   */
  leave(): void;
}

/**
 * Takes the place of what signals do by default; asked to stop once more, the process ends on the spot.
 * @param sentence for the error, given the name of the signal
 */
export function interruption(sentence: (name: string) => string): Interruption {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.once(name, () => {
      controller.abort(new BackupError(sentence(name), { class: 'local', operation: 'cancel', code: name }));
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
