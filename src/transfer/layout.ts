/** How the files of a version become objects. */
export type Layout = 'auto' | 'files' | 'archive';

/** With `auto`, so many small files are not worth a pack: as objects of their own they are easier to get at. */
export const MAX_LOOSE_FILES = 100;

export interface LayoutRule {
  readonly layout: Layout;
  /** Bytes; with `auto` smaller files go into packs. */
  readonly packBelow: number;
}

/**
 * Files smaller than the result go into packs; 0 is none.
 * @param smallFiles how many of the selected files are smaller than `packBelow`
 */
export function packedBelow({ layout, packBelow }: LayoutRule, smallFiles: number): number {
  switch (layout) {
    case 'files':
      return 0;
    case 'archive':
      return Number.POSITIVE_INFINITY;
    case 'auto':
      return smallFiles > MAX_LOOSE_FILES ? packBelow : 0;
  }
}
