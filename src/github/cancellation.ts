import { BackupError } from '../errors.ts';

/** How a cancelled job is stopped: SIGINT, 7.5 s later SIGTERM, 2.5 s later the whole process tree is killed. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A signal that is aborted when the runner asks the step to stop; the reason is the error to fail with. */
export function cancellation(): { readonly signal: AbortSignal } {
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
  return { signal: controller.signal };
}
