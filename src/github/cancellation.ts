import { endGroup } from '@actions/core';
import type { BackupError } from '../errors.ts';
import { type Interruption, interruption, unfinishedWords } from '../interruption.ts';

/**
 * A cancelled job is stopped by SIGINT, 7.5 s later SIGTERM, 2.5 s later the whole process tree is killed: what is said of
 * it has to be said by then.
 * @param command by its name
 * @param say the last words, for a step that ends before its command
 */
export function cancellation(command: string, say: (reason: BackupError) => void): Interruption {
  return interruption(
    (name) => `The step was cancelled (${name})${unfinishedWords(command)}.`,
    (reason) => {
      // Nobody unfolds the step that was under way to look for the reason.
      endGroup();
      say(reason);
    },
  );
}
