import type { PackReference } from './record.ts';

/**
 * Bytes of files that one backup packs anew at most. They are read and sent again, so the budget bounds what a backup
 * may cost beyond what has changed.
 */
export const REPACK_BUDGET_BYTES = 256 * 2 ** 20;

/**
 * The packs of a base whose files are to be packed anew: of older versions, of which less than a share is alive; the
 * deadest first, as long as the budget lasts. The first is taken in any case: one with more alive than the budget would
 * otherwise be kept for a few slices for ever.
 *
 * @param below share, 0 to 1; 0 repacks none
 * @returns keys
 */
export function packsToRepack(
  packs: readonly PackReference[],
  below: number,
  budgetBytes = REPACK_BUDGET_BYTES,
): ReadonlySet<string> {
  const chosen = new Set<string>();
  let bytes = 0;
  const candidates = packs.filter((pack) => shareAlive(pack) < below);
  for (const { key, liveBytes = 0 } of candidates.toSorted((a, b) => shareAlive(a) - shareAlive(b))) {
    if (chosen.size > 0 && bytes + liveBytes > budgetBytes) continue;
    bytes += liveBytes;
    chosen.add(key);
  }
  return chosen;
}

/** 1 where the record does not say. */
function shareAlive({ contentBytes = 0, liveBytes = 0 }: PackReference): number {
  return contentBytes === 0 ? 1 : liveBytes / contentBytes;
}
