import type { VersionFacts } from '../retention/types.ts';

/** The oldest that the newest version may be. */
export interface MaxAge {
  readonly ms: number;
  /** As it was given: `26h`. */
  readonly text: string;
}

/** A series whose newest version is too old, or that has none. */
export interface Staleness {
  readonly maxAge: MaxAge;
  readonly newest?: { readonly version: VersionFacts; readonly ageMs: number };
}

/**
 * The dead man's switch. The age of a version is that of its claim, which was written before the first of its files was
 * read: nothing in it is newer by more than the backup took.
 *
 * @param versions ascending by number; complete ones
 * @param now by the store's clock, as are the times of versions
 * @returns undefined for a series that is young enough
 */
export function stalenessOf(versions: readonly VersionFacts[], maxAge: MaxAge, now: Date): Staleness | undefined {
  const version = versions.at(-1);
  if (version === undefined) return { maxAge };
  const ageMs = now.getTime() - version.time.getTime();
  return ageMs > maxAge.ms ? { maxAge, newest: { version, ageMs } } : undefined;
}
