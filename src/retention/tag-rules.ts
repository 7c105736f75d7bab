import { InputError } from '../errors.ts';
import type { Rule } from './rules.ts';
import type { TagRule, VersionFacts } from './types.ts';

/** As many tags as an error names. */
const MAX_NAMED = 5;

/** Every version with one of the tags, and those whose tags nobody knows. */
export function keepTags(wanted: readonly TagRule[]): Rule {
  return {
    reasons: (versions) => versions.map((version) => reasonOf(version, wanted)),
    otherwise: `without ${wanted.length === 1 ? 'the tag' : 'any of the tags'} ${wanted.map(tagText).join(', ')}`,
    ageless: true,
  };
}

function reasonOf({ tags }: VersionFacts, wanted: readonly TagRule[]): string | undefined {
  if (tags === undefined) return 'its tags could not be read';
  const found = wanted.filter((rule) => isOn(tags, rule));
  return found.length === 0 ? undefined : `tag ${found.map(tagText).join(', ')}`;
}

/**
 * A tag that no version has is a typing error, and the versions that were to be kept by it would go.
 * @throws InputError
 */
export function refuseUnknownTags(versions: readonly VersionFacts[], wanted: readonly TagRule[] = []): void {
  const known = versions.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));
  const unknown = wanted.find((rule) => !known.some((tags) => isOn(tags, rule)));
  if (unknown === undefined || versions.length === 0) return;
  throw new InputError(
    'keep-tag',
    `keep-tag is ${JSON.stringify(tagText(unknown))}, but no version of the series has this tag, so nothing was ` +
      `deleted: correct it or take it out (${namedTags(known)}).`,
  );
}

function isOn(tags: Readonly<Record<string, string>>, { key, value }: TagRule): boolean {
  return Object.hasOwn(tags, key) && (value === undefined || tags[key] === value);
}

function tagText({ key, value }: TagRule): string {
  return value === undefined ? key : `${key}=${value}`;
}

function namedTags(known: readonly Readonly<Record<string, string>>[]): string {
  const all = new Set(known.flatMap((tags) => Object.entries(tags).map(([key, value]) => tagText({ key, value }))));
  if (all.size === 0) return 'its versions have no tags';
  const more = all.size > MAX_NAMED ? ' …' : '';
  return `there is ${[...all]
    .slice(0, MAX_NAMED)
    .map((tag) => JSON.stringify(tag))
    .join(', ')}${more}`;
}
