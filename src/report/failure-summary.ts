import { isCancelled } from '../errors.ts';
import { blocks, codeBlock } from './blocks.ts';
import { assemble, SUMMARY_LIMIT_BYTES } from './budget.ts';
import { errorHint, errorSentence } from './error-lines.ts';
import { EMPTY, type Markdown, md } from './markdown.ts';
import { problemsSection } from './sections/problems.ts';
import type { Problem } from './types.ts';
import { shorten, visible } from './visible.ts';

/** Of a hint; the log has all of it. */
const MAX_HINT_CHARACTERS = 20_000;

/**
 * The job summary of a command that failed without a report: what the annotation says, the hint below it, and the
 * warnings that came before.
 * @param command by its name, such as `restore`
 * @param conceal takes secrets out of a text; before it is escaped, as afterwards nobody would know them again
 */
export function renderFailureSummary(
  command: string,
  error: unknown,
  problems: readonly Problem[],
  conceal: (text: string) => string,
): string {
  const end = isCancelled(error) ? 'cancelled' : 'failed';
  const title = `${command.charAt(0).toUpperCase()}${command.slice(1)} ${end}`;
  const hint = errorHint(error);
  const reason = blocks(
    md`### ${title}`,
    md`${conceal(errorSentence(error))}`,
    hint === undefined ? EMPTY : hintBlock(conceal(hint)),
  );
  const known = problems.map((problem) => concealed(problem, conceal));
  return assemble([{ name: 'reason', variants: [reason] }, problemsSection({ problems: known })], SUMMARY_LIMIT_BYTES);
}

function concealed(problem: Problem, conceal: (text: string) => string): Problem {
  const { message, examples, reasons } = problem;
  return {
    ...problem,
    message: conceal(message),
    examples: examples.map(conceal),
    ...(reasons && { reasons: reasons.map(conceal) }),
  };
}

/** What has several lines is a policy, say, to be copied as it is. */
function hintBlock(hint: string): Markdown {
  const lines = hint.split(/\r\n|\r|\n/);
  return lines.length === 1 ? md`${hint}` : codeBlock(shorten(lines.map(visible).join('\n'), MAX_HINT_CHARACTERS));
}
