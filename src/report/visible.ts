/**
 * Hostile text made harmless to look at: a file name may hold line breaks, terminal escapes, characters that turn the
 * direction of the text (CVE-2021-42574, "Trojan Source") and characters that cannot be seen.
 */

/** All that has no shape of its own; joiners and emoji variations stay, as real words and emoji are made with them. */
const HIDDEN =
  /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}[\p{Zs}--[ ]]]--[\u200c\u200d\ufe0e\ufe0f]]/gv;
/** Spaces that a page or a terminal would not show: at the ends, and all but the first of a run. */
const LOST_SPACE = /^ | $|(?<= ) /g;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return NAMED[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

/** A sentence on one line, with `\n`, `\u202e` … for what could not be seen. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeCharacter);
}

/** A name, unambiguously: as {@link visible}, and backslashes and lost spaces are escaped too. */
export function visibleName(name: string): string {
  return visible(name.replaceAll('\\', '\\\\')).replace(LOST_SPACE, escapeCharacter);
}

/** Cuts the middle out of texts of more than `maxCharacters` code points; both ends of a path say the most. */
export function shorten(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = [...text];
  if (characters.length <= maxCharacters) return text;
  const head = Math.ceil((maxCharacters - 1) * 0.6);
  const tail = maxCharacters - 1 - head;
  return `${characters.slice(0, head).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`;
}

/**
 * Text that the runner cannot take for a workflow command, wherever in a line it stands: a line that begins with `::`
 * is one, and so is `##[` anywhere (actions/runner, `ActionCommand.cs`).
 */
export function logSafe(text: string): string {
  return visible(text)
    .replace(/:(?=:)/g, '\\u003a')
    .replace(/#(?=#\[)/g, '\\u0023');
}
