import type { Difference, PathSample } from './types.ts';
import { bytes, grouped } from './units.ts';

const KINDS = ['added', 'changed', 'removed', 'unchanged'] as const;

/** `1 added (5 B), 0 changed, 1 removed (7 B), 3 unchanged (99 B)` */
export function differenceWords(difference: Difference): string {
  return KINDS.map((kind) => `${grouped(difference[kind].count)} ${kind}${size(difference[kind])}`).join(', ');
}

function size({ count, bytes: total }: Pick<PathSample, 'count' | 'bytes'>): string {
  return count === 0 ? '' : ` (${bytes(total)})`;
}
