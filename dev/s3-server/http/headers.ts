import type { IncomingHttpHeaders } from 'node:http';

/** Lower-case header names to values; an undefined value is a header that is not sent. */
export type HeaderMap = Readonly<Record<string, string | undefined>>;

/** One string per header: Node keeps a few repeated headers as lists. */
export function headerMap(incoming: IncomingHttpHeaders): HeaderMap {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** The headers whose names start with `prefix`, values present. */
export function headersWithPrefix(headers: HeaderMap, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name.startsWith(prefix)) found[name] = value;
  }
  return found;
}
