import { invalidArgument } from '../errors.ts';

const MAX_PAGE_SIZE = 1000;

/** What every listing request asks for. */
export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxRows: number;
  /** Keys up to and including this one were listed before. */
  readonly after: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key or common prefix on the page: where the next page goes on. */
  readonly last: string | undefined;
}

/** A row and the key it stands under; a key can have several rows, e.g. versions. */
export type KeyedRow<Row> = readonly [key: string, row: Row];

/** @throws {S3Error} InvalidArgument for a page size that is no number. */
export function pageSize(text: string | null, name: string, limit = MAX_PAGE_SIZE): number {
  const size = text === null ? MAX_PAGE_SIZE : Number(text);
  if (!Number.isInteger(size) || size < 0)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`);
  return Math.min(size, limit, MAX_PAGE_SIZE);
}

/** Keys that share a prefix up to the delimiter are rolled up under it. */
function commonPrefix(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
}

/**
 * One page of rows, which come in key order and begin within the prefix. A common prefix counts as one row.
 */
export function takePage<Row>(rows: Iterable<KeyedRow<Row>>, request: PageRequest): Page<Row> {
  const taken: Row[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (const [key, row] of rows) {
    if (!key.startsWith(request.prefix)) break;
    const group = commonPrefix(key, request);
    if (group !== undefined && (group === prefixes.at(-1) || request.after?.startsWith(group))) continue;
    if (taken.length + prefixes.length >= request.maxRows)
      return { rows: taken, prefixes, truncated: last !== undefined, last };
    if (group === undefined) taken.push(row);
    else prefixes.push(group);
    last = group ?? key;
  }
  return { rows: taken, prefixes, truncated: false, last };
}
