import { InputError } from '../errors.ts';
import { taggingHeader } from '../store/tagging-header.ts';
import type { RunInfo } from './model.ts';

/** S3 User Guide, "Categorizing your objects using tags": ten tags, keys of 1–128 and values of 0–256 UTF-16 units. */
export const MAX_TAGS = 10;
export const MAX_TAG_KEY_UNITS = 128;
export const MAX_TAG_VALUE_UNITS = 256;
/** The `x-amz-tagging` header, URL-encoded (S3 API Reference, PutObject). */
export const MAX_TAGGING_HEADER_BYTES = 2048;

/** Below this a shortened value says nothing any more; another tag gives way instead. */
const MIN_SHORTENED_BYTES = 32;

/** Our tags that never give way. */
const STAYING_TAGS: ReadonlySet<string> = new Set(['version', 'repository', 'commit']);

/** How many lines the `tags` input may have. */
export const MAX_USER_TAGS = MAX_TAGS - STAYING_TAGS.size;

/** S3 API Reference, Tag: `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`. Matches lone surrogates too. */
const ILLEGAL_CHARACTER = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
/** Reserved for AWS, in any mixture of cases. */
const RESERVED_PREFIX = /^aws:/i;
const HALF_CHARACTER_AT_END = /\p{Cs}$/u;

export interface ObjectTags {
  /** What every object of the version carries: S3 takes it as it is. */
  readonly tags: Readonly<Record<string, string>>;
  /** Names of tags that had to go: ours that gave way, and the user's that were empty, doubled or too long together. */
  readonly dropped: readonly string[];
  /** Names, as they were given, of tags whose name or value had to be changed. */
  readonly cleaned: readonly string[];
}

interface Tag {
  /** As it was given. */
  readonly name: string;
  readonly given: string;
  readonly key: string;
  readonly value: string;
}

/**
 * The tags of a version's objects, by one rule:
 *
 * 1. Keys and values are cleaned: white space at the ends goes, a character S3 does not take becomes `_` (so does the
 *    colon of a leading `aws:`), and what is longer than 128 or 256 UTF-16 units is cut. Empty ones are left out.
 * 2. The user's tags win. One with the name of one of ours replaces it; for the others ours give way in the order
 *    `event`, `run-attempt`, `workflow`, `ref`, `run-id` until there are ten. `version` (the version's ID),
 *    `repository` and `commit` stay.
 * 3. Where all together are longer than the 2 KB of the header, the longest values are shortened to a common length;
 *    where that would leave less than 32 bytes of them, more tags give way: ours in the same order, then the user's
 *    from the last.
 *
 * @throws InputError for more than {@link MAX_USER_TAGS} tags of the user
 */
export function objectTags(
  run: RunInfo,
  version: { readonly id: string },
  userTags: Readonly<Record<string, string>>,
): ObjectTags {
  const users = Object.entries(userTags);
  refuseTooMany(users.length);
  const ofUser = users.map(cleanTag);
  const usable = withoutEmptyAndDoubled(ofUser);
  const replaced = new Set(usable.map((tag) => tag.key));
  const ofRun = runTags(run, version.id).filter((tag) => tag.value !== '' && !replaced.has(tag.key));
  const tags = fittingTags([
    ...ofRun.filter((tag) => STAYING_TAGS.has(tag.key)),
    ...usable,
    ...ofRun.filter((tag) => !STAYING_TAGS.has(tag.key)),
  ]);

  const kept = new Set(tags.map((tag) => tag.name));
  return {
    tags: Object.fromEntries(tags.map((tag) => [tag.key, tag.value])),
    dropped: [...ofUser, ...ofRun].map((tag) => tag.name).filter((name) => !kept.has(name)),
    cleaned: tags.filter((tag) => tag.key !== tag.name || tag.value !== tag.given).map((tag) => tag.name),
  };
}

function refuseTooMany(lines: number): void {
  if (lines <= MAX_USER_TAGS) return;
  throw new InputError(
    'tags',
    `tags has ${lines} lines, but S3 allows ${MAX_TAGS} tags per object and ${[...STAYING_TAGS].join(', ')} take ` +
      `${STAYING_TAGS.size} of them; give at most ${MAX_USER_TAGS}.`,
  );
}

/** In the order of their worth: the last one gives way first. */
function runTags(run: RunInfo, versionId: string): Tag[] {
  return Object.entries({
    version: versionId,
    repository: run.repository,
    commit: run.commit,
    'run-id': run.runId,
    ref: run.ref,
    workflow: run.workflow,
    'run-attempt': run.runAttempt,
    event: run.event,
  }).map(cleanTag);
}

function cleanTag([name, given]: readonly [string, string]): Tag {
  return { name, given, key: clean(name, MAX_TAG_KEY_UNITS), value: clean(given, MAX_TAG_VALUE_UNITS) };
}

function clean(text: string, maxUnits: number): string {
  const legal = text
    .trim()
    .replace(ILLEGAL_CHARACTER, '_')
    .replace(RESERVED_PREFIX, (prefix) => `${prefix.slice(0, -1)}_`);
  return legal.slice(0, maxUnits).replace(HALF_CHARACTER_AT_END, '').trimEnd();
}

function withoutEmptyAndDoubled(tags: readonly Tag[]): Tag[] {
  const seen = new Set<string>();
  return tags.filter(({ key, value }) => {
    const usable = key !== '' && value !== '' && !seen.has(key);
    if (usable) seen.add(key);
    return usable;
  });
}

/** @param tags the most important one first */
function fittingTags(tags: readonly Tag[]): Tag[] {
  for (let count = Math.min(tags.length, MAX_TAGS); count > 1; count -= 1) {
    const shortened = withShortenedValues(tags.slice(0, count));
    if (headerBytes(shortened) <= MAX_TAGGING_HEADER_BYTES) return shortened;
  }
  return withShortenedValues(tags.slice(0, 1));
}

function withShortenedValues(tags: readonly Tag[]): Tag[] {
  const lengths = tags.map((tag) => encodedBytes(tag.value));
  const overhead = headerBytes(tags.map((tag) => ({ ...tag, value: '' })));
  const longest = Math.max(commonLength(lengths, MAX_TAGGING_HEADER_BYTES - overhead), MIN_SHORTENED_BYTES);
  return tags.map((tag) => ({ ...tag, value: cutEncoded(tag.value, longest) }));
}

/** The length to which the longest of `lengths` must be cut so that all together are at most `budget`. */
function commonLength(lengths: readonly number[], budget: number): number {
  let left = budget;
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index));
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function cutEncoded(value: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of value) {
    bytes += encodedBytes(character);
    if (bytes > maxBytes) return kept.trimEnd();
    kept += character;
  }
  return kept;
}

function encodedBytes(text: string): number {
  return encodeURIComponent(text).length;
}

function headerBytes(tags: readonly Tag[]): number {
  return taggingHeader(Object.fromEntries(tags.map((tag) => [tag.key, tag.value])))?.length ?? 0;
}
