import type { VersionFacts } from '../retention/types.ts';

/** How often a version is full; whichever comes first. Without either: only the first one is. */
export interface FullEvery {
  /** Every so many versions, by their numbers: a number that a killed run took counts too. */
  readonly versions?: number;
  /** Milliseconds since the last full version. */
  readonly ageMs?: number;
}

/**
 * The version that starts the line a base is of: the newest full one among those that are known, also by their IDs
 * only. Where none of them is full, its record is pruned and nothing refers to its data any more; the oldest one then
 * stands for it.
 */
export function startOfLine(known: readonly VersionFacts[]): VersionFacts | undefined {
  const ascending = known.toSorted((a, b) => a.number - b.number);
  return ascending.findLast(({ type }) => type === 'full') ?? ascending[0];
}

/**
 * Why the next version has to be full.
 *
 * @param number of the next version
 * @param now the store's clock
 * @returns reads on after "because"; undefined while the line may go on
 */
export function fullIsDue(
  start: VersionFacts,
  number: number,
  now: Date,
  { versions, ageMs }: FullEvery,
): string | undefined {
  if (versions !== undefined && number - start.number >= versions) {
    return `the last full version, ${start.number}, was ${number - start.number} versions ago`;
  }
  if (ageMs !== undefined && now.getTime() - start.time.getTime() >= ageMs) {
    return `the last full version, ${start.number}, is of ${start.time.toISOString().slice(0, 10)}`;
  }
  return undefined;
}
