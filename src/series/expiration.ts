import type { ExpirationRule } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';

/**
 * The rules of a bucket that would delete objects of a series. A rule for objects with certain tags is one only if ours
 * carry them; one that looks at sizes is taken to be for all.
 *
 * @param tags of the objects
 */
export function rulesAgainst(
  rules: readonly ExpirationRule[],
  { base }: SeriesKeys,
  tags: Readonly<Record<string, string>>,
): ExpirationRule[] {
  return rules.filter(
    ({ prefix, tags: wanted }) =>
      (base.startsWith(prefix) || prefix.startsWith(base)) &&
      Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value),
  );
}
