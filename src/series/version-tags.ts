import type { Warning } from '../log.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SeriesKeys } from './keys.ts';
import { recordsNewestFirst } from './records.ts';

/**
 * The versions with their tags, which only the records have: one GET each. A version whose record is damaged, or gone by
 * now, comes without tags; so does one that is only planned.
 *
 * @returns in the given order
 */
export async function withTags(
  store: Pick<ObjectStore, 'get'>,
  keys: SeriesKeys,
  versions: readonly VersionFacts[],
  warn: (warning: Warning) => void,
): Promise<VersionFacts[]> {
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const unread = versions.filter((version) => version.tags === undefined);
  for await (const { version, record } of recordsNewestFirst(store, keys, unread, warn)) {
    tags.set(version.id, record.tags);
  }
  return versions.map((version) => {
    const found = tags.get(version.id);
    return found === undefined ? version : { ...version, tags: found };
  });
}
