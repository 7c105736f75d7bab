import type { HeaderMap } from '../http/headers.ts';
import type { RequestMatcher, TextPattern } from './script.ts';

/** What faults are matched against. */
export interface RequestFacts {
  readonly operation: string;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: HeaderMap;
  readonly query: URLSearchParams;
}

/** A text equals a string, or contains what an expression describes; an absent text fits nothing. */
export function fitsPattern(pattern: TextPattern, text: string | null | undefined): boolean {
  if (text === undefined || text === null) return false;
  return typeof pattern === 'string' ? pattern === text : text.search(pattern) >= 0;
}

const fits = (pattern: TextPattern | undefined, text: string): boolean =>
  pattern === undefined || fitsPattern(pattern, text);

/** Whether a request is of the kind described; which of them it is (`request`) is for the one who counts. */
export function matchesRequest(matcher: RequestMatcher, facts: RequestFacts): boolean {
  const operations = matcher.operation === undefined ? undefined : [matcher.operation].flat();
  return (
    (operations === undefined || operations.includes(facts.operation)) &&
    fits(matcher.method, facts.method) &&
    fits(matcher.bucket, facts.bucket) &&
    fits(matcher.key, facts.key) &&
    Object.entries(matcher.headers ?? {}).every(([name, pattern]) =>
      fitsPattern(pattern, facts.headers[name.toLowerCase()]),
    ) &&
    Object.entries(matcher.query ?? {}).every(([name, pattern]) => fitsPattern(pattern, facts.query.get(name)))
  );
}
