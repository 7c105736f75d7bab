import type { Totals } from '../series/model.ts';
import { bytes, count, listed } from './units.ts';

/** `3 files (2.0 KiB), 1 symbolic link and 2 empty directories`, without what there is none of. */
export function entryKinds(totals: Totals): string {
  return listed([`${count(totals.files, 'file')} (${bytes(totals.bytes)})`, ...linksAndDirectories(totals)]);
}

/** `1 symbolic link`, `2 empty directories`; those there are. */
export function linksAndDirectories({ symlinks, directories }: Pick<Totals, 'symlinks' | 'directories'>): string[] {
  return [
    ...(symlinks > 0 ? [count(symlinks, 'symbolic link')] : []),
    ...(directories > 0 ? [count(directories, 'empty directory', 'empty directories')] : []),
  ];
}
