import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import { closeServer, listen } from '../../dev/s3-server/http/lifecycle.ts';

/** Keys that STS gave out. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface RelayedRequest {
  readonly method: string;
  /** As it was sent: a whole URL when the relay was used as a proxy. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
}

/** A hop on the way to a server that listens in: a plain address for it, and a forward proxy for http too. */
export interface Relay {
  readonly url: string;
  readonly requests: readonly RelayedRequest[];
  /** What STS gave out by way of this relay. */
  readonly sessions: readonly Session[];
  /** ID tokens that went to STS by way of this relay. */
  readonly idTokens: readonly string[];
  close(): Promise<void>;
}

/**
 * Hands every request on to one server, whatever host it asks for; with its own `Host`, which the signature covers.
 *
 * @param target URL of the server
 * @param tls key and certificate (PEM) to be spoken to by https
 */
export async function startRelay(
  target: string,
  tls?: { readonly key: string; readonly cert: string },
): Promise<Relay> {
  const seen = { requests: [] as RelayedRequest[], sessions: [] as Session[], idTokens: [] as string[] };
  const listener = (request: IncomingMessage, response: ServerResponse) => void handOn(request, response, target, seen);
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  const url = await listen(server, 0, '127.0.0.1');
  return { url: tls === undefined ? url : url.replace('http:', 'https:'), ...seen, close: () => closeServer(server) };
}

interface Seen {
  readonly requests: RelayedRequest[];
  readonly sessions: Session[];
  readonly idTokens: string[];
}

async function handOn(incoming: IncomingMessage, response: ServerResponse, target: string, seen: Seen) {
  const { method = 'GET', url = '/', headers } = incoming;
  seen.requests.push({ method, target: url, headers });
  // Not through `URL`, which would normalise a key such as `a/../b`.
  const path = url.startsWith('/') ? url : url.replace(/^\w+:\/\/[^/]*/, '');
  const { hostname, port } = new URL(target);
  const outgoing = http.request({ hostname, port, method, path, headers: withoutProxyHeaders(headers) });
  outgoing.once('error', () => incoming.destroy());
  outgoing.once('response', (answer) => void answerWith(answer, response, seen));
  const isSts = method === 'POST' && path === '/';
  if (!isSts) {
    incoming.pipe(outgoing);
    return;
  }
  const form = await buffer(incoming);
  seen.idTokens.push(...new URLSearchParams(form.toString()).getAll('WebIdentityToken'));
  outgoing.end(form);
}

function withoutProxyHeaders(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const { 'proxy-authorization': _credentials, 'proxy-connection': _connection, ...rest } = headers;
  return rest;
}

async function answerWith(answer: IncomingMessage, response: ServerResponse, { sessions }: Seen): Promise<void> {
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  if (!(answer.headers['content-type'] ?? '').includes('xml')) {
    answer.pipe(response);
    return;
  }
  const xml = await buffer(answer);
  sessions.push(...sessionsIn(xml.toString()));
  response.end(xml);
}

function sessionsIn(xml: string): Session[] {
  const element = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(element);
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) return [];
  return [{ accessKeyId, secretAccessKey, sessionToken }];
}
