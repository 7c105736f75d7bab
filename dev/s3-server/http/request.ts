import type { IncomingMessage } from 'node:http';
import { badRequest } from '../errors.ts';
import { type HeaderMap, headerMap } from './headers.ts';

/** A request, parsed once: path-style bucket and key, query, headers, and its body when somebody asks for it. */
export interface S3Request {
  readonly method: string;
  /** As sent, without the query: keys like `a/./b` must not be normalised. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: HeaderMap;
  readonly bucket: string;
  readonly key: string;
  /** The body as it comes in; asking for it tells a client that waits for `100 Continue` to go on. */
  body(): AsyncIterable<Uint8Array>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** @throws {S3Error} InvalidURI. */
export function parseRequest(incoming: IncomingMessage, body: () => AsyncIterable<Uint8Array>): S3Request {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: headerMap(incoming.headers),
    bucket: decode(slash < 0 ? path.slice(1) : path.slice(1, slash)),
    key: slash < 0 ? '' : decode(path.slice(slash + 1)),
    body,
  };
}
