/** A version, and those whose objects it may refer to. */
interface Leaning {
  readonly record: { readonly id: string; readonly leansOn: readonly string[] };
}

/**
 * Puts versions together that may share objects, so that each object is looked at once. A full version on which none of
 * the others leans is a family by itself. No object is of two families, which bounds what has to be sorted at once.
 *
 * @returns in the order in which the first of each came
 */
export function families<T extends Leaning>(versions: Iterable<T>): readonly (readonly T[])[] {
  const familyOf = new Map<string, { readonly ids: readonly string[]; readonly members: readonly T[] }>();
  for (const version of versions) {
    const { id, leansOn } = version.record;
    const ids = [id, ...leansOn];
    const related = [...new Set(ids.flatMap((known) => familyOf.get(known) ?? []))];
    const family = {
      ids: [...related.flatMap((other) => other.ids), ...ids],
      members: [...related.flatMap(({ members }) => members), version],
    };
    for (const known of family.ids) familyOf.set(known, family);
  }
  return [...new Set(familyOf.values())].map(({ members }) => members);
}
