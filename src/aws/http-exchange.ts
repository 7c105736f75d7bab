import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { CONNECTION_TIMEOUT_MS, S3_REQUEST_TIMEOUT_MS } from './clients.ts';
import type { Agents } from './proxy.ts';

/** A larger body is written in slices of this size: one write of all of it copies more, and holds the memory. */
const SLICE_BYTES = 1024 * 1024;

/**
 * A larger body may not fit into the buffers of the connection, and get stuck while it is sent. Node.js tells of silence on a
 * connection that is written to after once to twice the time it was given (`_onTimeout` of `net.Socket` looks a second time).
 */
const WATCHED_BYTES = 64 * 1024;

/** One request, ready to be sent. */
export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Silence on the connection, in either direction, that ends the request: half of it may do while the body is sent. */
  readonly idleTimeoutMs: number;
}

/**
 * Sends one request to a server, once, by a connection of the agents.
 *
 * @param origin only its scheme, host and port count
 * @returns once the head of the reply is there; its body has to be read to the end, or destroyed
 * @throws what the system, a time-out or the signal ends the request with
 */
export async function exchange(
  origin: URL,
  agents: Agents,
  request: WireRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = open(origin, agents, request);
  const inFlight = inFlightOf(signal);
  inFlight.add(outgoing);
  const connecting = outgoing.reusedSocket ? undefined : timeConnecting(outgoing);
  const answering = timer(outgoing, S3_REQUEST_TIMEOUT_MS, 'no reply');
  let isAnswered = false;
  outgoing.on('timeout', () => outgoing.destroy(timeoutError('silence', request.idleTimeoutMs)));
  outgoing.once('response', (reply) => {
    isAnswered = true;
    clearTimeout(answering);
    // A reply that comes before the whole request is out is a refusal: the rest is not sent, and the connection ends.
    if (!outgoing.writableFinished) reply.once('end', () => outgoing.writableFinished || outgoing.destroy());
    resolve(reply);
  });
  outgoing.on('error', reject);
  outgoing.once('close', () => {
    clearTimeout(connecting);
    clearTimeout(answering);
    inFlight.delete(outgoing);
    // An error remembers its stack, which takes a tenth of all the time of a small request.
    if (!isAnswered) reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  });
  watchSending(outgoing, request);
  void write(outgoing, request.body);
  return promise;
}

/** Half the time until the body is out, so that nobody waits for longer than all of it. */
function watchSending(outgoing: ClientRequest, { body, idleTimeoutMs }: WireRequest): void {
  if (body === undefined || body.byteLength <= WATCHED_BYTES) return;
  outgoing.setTimeout(idleTimeoutMs / 2);
  outgoing.once('finish', () => outgoing.setTimeout(idleTimeoutMs));
}

/** @returns the timer, which ends with the handshake of TCP */
function timeConnecting(outgoing: ClientRequest): NodeJS.Timeout {
  const connecting = timer(outgoing, CONNECTION_TIMEOUT_MS, 'no connection');
  outgoing.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
    else clearTimeout(connecting);
  });
  return connecting;
}

/** Of each signal the requests it ends: one listener, because one for each request is searched for among all others. */
const requestsBySignal = new WeakMap<AbortSignal, Set<ClientRequest>>();

function inFlightOf(signal: AbortSignal): Set<ClientRequest> {
  const known = requestsBySignal.get(signal);
  if (known !== undefined) return known;
  const requests = new Set<ClientRequest>();
  requestsBySignal.set(signal, requests);
  const abort = () => {
    for (const request of requests) request.destroy(toError(signal.reason));
  };
  signal.addEventListener('abort', abort, { once: true });
  return requests;
}

function open(origin: URL, agents: Agents, { method, path, headers, idleTimeoutMs }: WireRequest): ClientRequest {
  const secure = origin.protocol === 'https:';
  return (secure ? https : http).request({
    agent: secure ? agents.httpsAgent : agents.httpAgent,
    protocol: origin.protocol,
    // An IPv6 address stands in brackets in a URL, and without them here.
    host: origin.hostname.replace(/^\[|\]$/g, ''),
    port: origin.port || (secure ? 443 : 80),
    method,
    path,
    headers,
    setHost: false,
    timeout: idleTimeoutMs,
  });
}

/** Ends at the first sign that nobody takes the rest; what went wrong is told by the request's own events. */
async function write(outgoing: ClientRequest, body: Uint8Array | undefined): Promise<void> {
  if (body === undefined || body.byteLength <= SLICE_BYTES) {
    outgoing.end(body);
    return;
  }
  for (let at = 0; at < body.byteLength; at += SLICE_BYTES) {
    if (!outgoing.write(body.subarray(at, at + SLICE_BYTES))) await drained(outgoing);
    if (outgoing.destroyed) return;
  }
  outgoing.end();
}

function drained(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
}

function timer(outgoing: ClientRequest, ms: number, what: string): NodeJS.Timeout {
  return setTimeout(() => outgoing.destroy(timeoutError(what, ms)), ms).unref();
}

/** Named as the SDK names its own, which is what errors are judged by. */
function timeoutError(what: string, ms: number): Error {
  return Object.assign(new Error(`${what} within ${ms} ms`), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
