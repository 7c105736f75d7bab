const CACHE_ENTRIES = 1000;
const compiled = new Map<string, RegExp>();

function compile(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\/]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}

/** Whether `*` (any characters) and `?` (one character) of a policy's pattern fit the whole text. */
export function wildcardMatch(pattern: string, text: string, ignoreCase = false): boolean {
  const flags = ignoreCase ? 'isu' : 'su';
  const cacheKey = `${flags}:${pattern}`;
  const cached = compiled.get(cacheKey);
  if (cached !== undefined) return cached.test(text);
  const expression = compile(pattern, flags);
  if (compiled.size >= CACHE_ENTRIES) compiled.clear();
  compiled.set(cacheKey, expression);
  return expression.test(text);
}
