/** One wrong character in so many still looks like a slip … */
const CHARACTERS_PER_SLIP = 3;
/** … and no more than these. */
const MAX_SLIPS = 3;

/** The name that somebody has most likely meant: the nearest by edit distance. Undefined where none is near. */
export function similarName(word: string, names: Iterable<string>): string | undefined {
  const limit = Math.min(MAX_SLIPS, Math.floor(word.length / CHARACTERS_PER_SLIP));
  const near = [...names]
    // Lengths that differ by more cannot be near: no time is lost on a long word.
    .filter((name) => Math.abs(name.length - word.length) <= limit)
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ distance }) => distance <= limit);
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.name;
}

/** Characters to insert, remove or replace (Levenshtein, 1966), row by row. */
function editDistance(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, character] of [...from].entries()) {
    const row = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (before[column] ?? 0) + Number(character !== other);
      row.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
    before = row;
  }
  return before.at(-1) ?? 0;
}
