import { MAX_USER_TAGS } from '../series/tags.ts';
import { type InputReader, refused } from './reader.ts';

/** S3 User Guide, "Categorizing your storage using tags". */
const MAX_TAG_KEY_CHARACTERS = 128;

/**
 * The user's own tags, as written; what S3 does not take is cleaned where they are sent.
 * A value may contain `=`. One that is empty is left out of the tags of S3 and kept in the record.
 * @throws InputError
 */
export function readTags(reader: InputReader): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const line of reader.lines('tags')) {
    const [key, value] = parseTag(line);
    if (tags.has(key)) throw refused('tags', line, `the key \`${key}\` stands on another line too: keep one of them`);
    tags.set(key, value);
  }
  if (tags.size > MAX_USER_TAGS) {
    const rule = `S3 allows ten tags an object and three are of the run: give at most ${MAX_USER_TAGS} lines`;
    throw refused('tags', `${tags.size} lines`, rule);
  }
  return Object.fromEntries(tags);
}

function parseTag(line: string): readonly [key: string, value: string] {
  const separator = line.indexOf('=');
  const key = line.slice(0, Math.max(separator, 0)).trim();
  if (key === '') throw refused('tags', line, 'a tag is `key=value`, one a line: write both parts');
  if (key.length > MAX_TAG_KEY_CHARACTERS) {
    throw refused('tags', line, `a key has at most ${MAX_TAG_KEY_CHARACTERS} characters: shorten it`);
  }
  if (key.toLowerCase().startsWith('aws:')) {
    throw refused('tags', line, 'keys that start with `aws:` are reserved by AWS: choose another key');
  }
  return [key, line.slice(separator + 1).trim()];
}
