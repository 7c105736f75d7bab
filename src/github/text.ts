import { visible } from '../report/visible.ts';

/**
 * Text for stdout, where the runner reads commands: a line that starts with `::`, also after spaces, and `##[` anywhere
 * in a line (both in actions/runner, `ActionCommand.cs`). Line breaks stay and a backslash disarms the rest, so that
 * ARNs and policies can still be copied.
 */
export function logText(message: string): string {
  return message
    .split(/\r\n|\r|\n/)
    .map((line) => disarm(visible(line)))
    .join('\n');
}

function disarm(line: string): string {
  return line.replace(/^(\s*)::/, '$1\\::').replaceAll('##[', '##\\[');
}
