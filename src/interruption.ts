import { BackupError, CANCEL } from './errors.ts';

/** By which a process is asked to stop. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * From the first signal to the end, whatever is still under way: GitHub's runner sends SIGTERM 7.5 s after SIGINT, and kills
 * 2.5 s after that.
 */
const END_AFTER_MS = 6_500;

/** How long requests that are still under way may go on once it was said that the command is over. */
const LEAVE_AFTER_MS = 2_500;

/** The same signal so soon again is an echo: npx hands on the Ctrl-C that its child has got from the terminal as well. */
const ECHO_MS = 500;

/**
 * What can be said of the work of a command that is asked to stop, for the end of a sentence: a version is seen once it
 * is whole. Of all other commands part of the work may be done.
 */
export function unfinishedWords(command: string | undefined): string {
  return command === 'backup' ? ': what was not finished is not visible' : '';
}

export interface Interruption {
  /** Aborted when the process is asked to stop; the reason is the error to fail with. */
  readonly signal: AbortSignal;
  /**
   * To be called when the command is over and its outcome was said. Ends an interrupted process even if a reply is
   * outstanding that nobody waits for any more: it would live on for it until it is killed.
   */
  leave(): void;
}

/**
 * Takes the place of what signals do by default: the first one asks the command to end, and the process ends in time even
 * where the command does not. Asked to stop once more, it ends on the spot.
 *
 * @param sentence for the error, given the name of the signal
 * @param say tells the reason and sets the exit code, for a process that ends before its command
 */
export function interruption(sentence: (name: string) => string, say: (reason: BackupError) => void): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  let first: { readonly name: string; readonly atMs: number } | undefined;
  let isOver = false;
  const end = () => {
    if (!isOver) say(signal.reason);
    process.exit();
  };
  const interrupt = (name: string) => {
    first = { name, atMs: performance.now() };
    setTimeout(end, END_AFTER_MS).unref();
    controller.abort(new BackupError(sentence(name), { class: 'local', operation: CANCEL, code: name }));
  };
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (first === undefined) interrupt(name);
      else if (first.name !== name || performance.now() - first.atMs > ECHO_MS) end();
    });
  }
  return {
    signal,
    leave() {
      isOver = true;
      if (signal.aborted) setTimeout(end, LEAVE_AFTER_MS).unref();
    },
  };
}
