import { debug, info, setFailed } from '@actions/core';
import { errorHint, errorLines, errorSentence } from '../report/error-lines.ts';
import { logText } from './text.ts';

/** Grey, as terminals and GitHub's log show it: there, but not in the way. */
const MUTED = '\u001b[90m';
const RESET = '\u001b[39m';

/**
 * Fails the step: the sentence becomes the error annotation; hint, details and causes follow as log lines, the stack
 * only in the debug log.
 */
export function fail(error: unknown): void {
  setFailed(errorSentence(error));
  const hint = errorHint(error);
  if (hint !== undefined) info(logText(hint));
  for (const line of errorLines(error)) info(`${MUTED}${logText(line)}${RESET}`);
  if (error instanceof Error && error.stack !== undefined) debug(logText(error.stack));
}
