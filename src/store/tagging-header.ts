/**
 * The value of the `x-amz-tagging` header: tags as a URL query. `%20` and not `+` for a space: both are query
 * encodings, one is unambiguous.
 *
 * @returns undefined for no tags, because stores refuse an empty header
 */
export function taggingHeader(tags: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(tags).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? undefined : pairs.join('&');
}
