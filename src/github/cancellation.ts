import { type Interruption, interruption } from '../interruption.ts';

/**
 * A cancelled job is stopped by SIGINT, 7.5 s later SIGTERM, 2.5 s later the whole process tree is killed: what is said of
 * it has to be said by then.
 */
export function cancellation(): Interruption {
  return interruption(
    (name) => `The step was cancelled (${name}): what was not finished is not visible, and open uploads were aborted.`,
  );
}
