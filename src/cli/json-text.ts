/** Characters a terminal obeys or does not show, of which JSON itself escapes only the first 32. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gv;

/** A value as JSON on one line that can be looked at, whatever file names are in it; parsed, it is the same. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, escapeUnits);
}

/** JSON escapes UTF-16 code units: two for what lies beyond U+FFFF. */
function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
