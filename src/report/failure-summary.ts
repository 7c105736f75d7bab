import { blocks, codeBlock } from './blocks.ts';
import { errorHint, errorSentence } from './error-lines.ts';
import { EMPTY, type Markdown, md } from './markdown.ts';
import { shorten, visible } from './visible.ts';

/** Of a hint; the log has all of it. */
const MAX_HINT_CHARACTERS = 20_000;

/**
 * The job summary of a command that failed without a report: what the annotation says, and the hint below it.
 * @param command by its name, such as `restore`
 * @param conceal takes secrets out of a text; before it is escaped, as afterwards nobody would know them again
 */
export function renderFailureSummary(command: string, error: unknown, conceal: (text: string) => string): string {
  const title = `${command.charAt(0).toUpperCase()}${command.slice(1)} failed`;
  const hint = errorHint(error);
  const page = blocks(
    md`### ${title}`,
    md`${conceal(errorSentence(error))}`,
    hint === undefined ? EMPTY : hintBlock(conceal(hint)),
  );
  return `${page.source}\n`;
}

/** What has several lines is a policy, say, to be copied as it is. */
function hintBlock(hint: string): Markdown {
  const lines = hint.split(/\r\n|\r|\n/);
  return lines.length === 1 ? md`${hint}` : codeBlock(shorten(lines.map(visible).join('\n'), MAX_HINT_CHARACTERS));
}
