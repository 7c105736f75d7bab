import type { VersionItem } from './types.ts';

/** What a version is, for people. */
export function stateWords(state: VersionItem['state']): string {
  return state === 'removed' ? 'removed, newer versions use parts of it' : state;
}
