import { logText } from '../github/text.ts';
import { errorHint, errorLines, errorSentence } from '../report/error-lines.ts';
import { flagWords } from './flag-words.ts';
import { jsonText } from './json-text.ts';
import { type Outcome, resultOf } from './result.ts';
import type { Screen } from './screen.ts';

/** Says how a command ended. @returns the exit code */
export function conclude(
  outcome: Outcome,
  screen: Screen,
  options: { readonly json: boolean; readonly verbose: boolean },
): number {
  if (outcome.error !== undefined) showError(outcome.error, screen, options.verbose);
  if (options.json) screen.result(jsonText(resultOf(outcome)));
  return outcome.exitCode;
}

/** The sentence, then hint, details and causes; the stack only for those who ask for more. */
function showError(error: unknown, screen: Screen, verbose: boolean): void {
  screen.note(`error: ${logText(flagWords(errorSentence(error)))}`);
  const hint = errorHint(error)?.split('\n').map(flagWords) ?? [];
  const stack = verbose && error instanceof Error ? (error.stack?.split('\n') ?? []) : [];
  for (const line of [...hint, ...errorLines(error), ...stack]) screen.note(`  ${logText(line)}`);
}
