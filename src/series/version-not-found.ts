import { BackupError, InputError } from '../errors.ts';
import type { VersionFacts } from '../retention/types.ts';
import type { SeriesLocation } from './keys.ts';
import type { ReadVersion } from './records.ts';
import type { VersionSelector } from './version-selector.ts';

/** Versions that an error names. */
export const MAX_CANDIDATES = 5;

/** There is no such version. `message` names the nearest ones there are. */
export class VersionNotFoundError extends BackupError {
  override readonly name = 'VersionNotFoundError';
}

/** What a version has of what was asked for, by version ID: its commit, its run. Empty of one made outside of both. */
export type Marks = ReadonlyMap<string, string>;

/**
 * @param selectors what the text can mean
 * @param marks of versions that were looked into
 */
export function versionNotFound(
  text: string,
  selectors: readonly VersionSelector[],
  candidates: readonly VersionFacts[],
  { series, prefix }: SeriesLocation,
  marks: Marks,
): VersionNotFoundError {
  const place = `the series ${JSON.stringify(series)} below the prefix ${JSON.stringify(prefix)}`;
  const named = candidates.map(({ id }) => (marks.get(id) ? `${id} (${marks.get(id)})` : id));
  const others = `the nearest ${named.length === 1 ? 'is' : 'are'} ${named.join(', ')}`;
  const asked = selectors.map(({ kind }) => ASKED_FOR[kind]).join(' or ');
  const rest =
    candidates.length === 0 ? `${place} has no version at all` : `${place} has no version ${asked}; ${others}`;
  return new VersionNotFoundError(`The version ${JSON.stringify(text)} was not found: ${rest}.`, {
    class: 'not-found',
    operation: 'find version',
    key: text,
    hint: HINTS[candidates.length] ?? 'Name one of these, or list the series to see them all.',
  });
}

/** By how many versions are named: one is named alone where the series has no other. */
const HINTS: readonly string[] = [
  'Check `bucket`, `prefix` and `name`.',
  'Name that one, the only one of the series, or write `latest`.',
];

/** How a version is named that there is not. */
const ASKED_FOR: Readonly<Record<VersionSelector['kind'], string>> = {
  latest: 'at all',
  id: 'of that ID',
  number: 'of that number',
  run: 'of that run',
  time: 'at or before it',
  commit: 'of that commit',
};

/** @param found one version of each commit that fits */
export function ambiguousCommit(text: string, found: readonly ReadVersion[]): InputError {
  const named = found.slice(0, MAX_CANDIDATES).map(({ version, record }) => `${record.run.commit} (${version.id})`);
  const more = found.length > named.length ? ` and ${found.length - named.length} more` : '';
  return new InputError(
    'version',
    `The input \`version\` is ${JSON.stringify(text)}, but more than one commit of the series begins with it, ` +
      `${named.join(', ')}${more}: write more digits, or the number of a version.`,
    { found: text },
  );
}

/**
 * The versions nearest to what was asked for: by number or by time where that was asked for, else the newest.
 * @param versions ascending by number
 */
export function nearest(
  selectors: readonly VersionSelector[],
  versions: readonly VersionFacts[],
): readonly VersionFacts[] {
  const distance = distanceFrom(selectors[0]);
  return versions
    .toReversed()
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, MAX_CANDIDATES);
}

function distanceFrom(selector: VersionSelector | undefined): (version: VersionFacts) => number {
  if (selector?.kind === 'number') return ({ number }) => Math.abs(number - selector.number);
  if (selector?.kind === 'time') return ({ time }) => Math.abs(time.getTime() - selector.atOrBefore.getTime());
  return () => 0;
}
