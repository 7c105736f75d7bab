/** UTF-16 puts surrogates (U+10000 and above) before U+E000 to U+FFFF; UTF-8 has them behind. */
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * Compares as the bytes of the UTF-8 forms compare, without making them: for `Array.sort`.
 *
 * @returns a negative number, 0 or a positive number
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === length) return a.length - b.length;
  return rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
}

function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}

/**
 * A text whose UTF-16 units are the UTF-8 bytes of another, so that sorting by units sorts as S3 lists keys.
 * @param text well-formed Unicode
 */
export function byteOrder(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
