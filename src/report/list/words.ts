import type { StoredSizes } from '../../series/stored-sizes.ts';
import { bytes, count, grouped } from '../units.ts';
import type { StateCounts, VersionItem } from './types.ts';

/** As git abbreviates. */
export const SHORT_COMMIT_DIGITS = 7;

/** What a version is, for people. */
export function stateWords(state: VersionItem['state']): string {
  return state === 'removed' ? 'removed, newer versions use parts of it' : state;
}

/** How many versions there are: those that can be restored, and beside them the others, where there are some. */
export function stateCountWords({ complete, incomplete, removed }: StateCounts): string {
  const others = Object.entries({ incomplete, removed }).filter(([, number]) => number > 0);
  return [count(complete, 'version'), ...others.map(([state, number]) => `${grouped(number)} ${state}`)].join(', ');
}

/** How much of a version is packed or compressed, and to what size: empty where all files are stored as they are. */
export function storedWords({ packed, packs, compressed }: StoredSizes): string {
  const files = ({ files, bytes: size }: StoredSizes['packed']) => `${count(files, 'file')} of ${bytes(size)}`;
  const words = [
    packed.files > 0 ? `${files(packed)} in ${packWords(packs)}` : '',
    compressed.files > 0 ? `${files(compressed)} compressed to ${bytes(compressed.storedBytes)}` : '',
  ];
  return words.filter((word) => word !== '').join(', ');
}

export function packWords({ count: packs, bytes: size }: StoredSizes['packs']): string {
  return `${count(packs, 'pack')} of ${bytes(size)}`;
}
