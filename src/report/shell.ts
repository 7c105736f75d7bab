/** Characters no POSIX shell gives a meaning to, in any place of a word. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;
/** Controls, and the invisible ones that would make a shown command look like another. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * One word for bash, zsh and any shell of POSIX.1-2024: as it is, in single quotes, or as `$'…'` (section 2.2.4) with
 * octal escapes where there are characters that cannot be seen.
 */
export function shellQuote(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  if (!UNPRINTABLE.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${[...word].map(dollarQuoted).join('')}'`;
}

function dollarQuoted(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  return UNPRINTABLE.test(character) ? octalBytes(character) : character;
}

/** Three digits always, so that a digit that follows is not taken in. */
function octalBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
