import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { InputError } from '../errors.ts';
import { S3_IDLE_TIMEOUT_MS, type S3ClientOptions, type UserAgent } from './clients.ts';
import type { CredentialProvider } from './credential-types.ts';
import { ErrorReply } from './error-reply.ts';
import { exchange } from './http-exchange.ts';
import type { Agents } from './proxy.ts';
import type { RequestMeter } from './request-meter.ts';
import { encodeForS3, S3Signer } from './sigv4.ts';
import type { StoreClock } from './store-clock.ts';

/** From here on a status says that the store could not, and not why the request was wrong. */
const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** As much of an error reply is read. */
const MAX_ERROR_BYTES = 64 * 1024;

/** A request about one object. */
export interface DirectRequest {
  readonly method: 'PUT' | 'GET';
  readonly key: string;
  /** In the order of their names. */
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** SHA-256 of the body, 64 hex digits, or `UNSIGNED-PAYLOAD`. */
  readonly payload: string;
}

/** Where the requests for a bucket go, as the SDK finds it out from endpoint, style, ARN and configuration. */
export interface Target {
  readonly url: URL;
  /** What the path of every object begins with; no slash at its end. */
  readonly basePath: string;
  readonly signer: S3Signer;
}

export interface DirectClientOptions {
  readonly bucket: string;
  readonly client: S3Client;
  readonly agents: Agents;
  readonly credentials: CredentialProvider;
  readonly userAgent: UserAgent;
  readonly idleTimeoutMs?: number;
  readonly meter?: RequestMeter;
  readonly clock: StoreClock;
}

/**
 * The thin way to S3 for what is sent by the thousand or by the gigabyte: PUT and GET of an object, at a quarter of the
 * time the SDK's layers take for each. It sends a request once; retries are the caller's.
 */
export class DirectClient {
  readonly #options: DirectClientOptions;
  #target: Promise<Target> | undefined;

  constructor(options: DirectClientOptions) {
    this.#options = options;
  }

  /** True where the connection itself guards what is sent against change. */
  async isSecure(): Promise<boolean> {
    return (await this.place()).url.protocol === 'https:';
  }

  /**
   * @returns the reply once its head is there; its body has to be read or destroyed
   * @throws ErrorReply for a status that is no success; what the network or the signal ends the request with
   */
  async send(request: DirectRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { credentials, meter, clock, agents, idleTimeoutMs = S3_IDLE_TIMEOUT_MS } = this.#options;
    const target = await this.place();
    const { method, body, query = {} } = request;
    const keys = await credentials();
    const path = `${target.basePath}/${encodeKey(request.key)}`;
    const queryText = encodeQuery(query);
    const signed = target.signer.sign(
      {
        method,
        path,
        query: queryText,
        headers: { ...request.headers, host: target.url.host },
        payload: request.payload,
      },
      keys,
      clock.isSet ? clock.now() : new Date(),
    );
    meter?.count({ method, query });
    const reply = await exchange(
      target.url,
      agents,
      {
        method,
        path: queryText === '' ? path : `${path}?${queryText}`,
        headers: { ...signed, ...this.#unsigned(body) },
        ...(body && { body }),
        idleTimeoutMs,
      },
      signal,
    );
    clock.observe(reply.headers.date);
    if (isSuccess(reply)) return reply;
    throw await errorOf(reply);
  }

  #unsigned(body: Uint8Array | undefined): Record<string, string> {
    const { name, version } = this.#options.userAgent;
    return { 'user-agent': `${name}/${version}`, ...(body && { 'content-length': String(body.byteLength) }) };
  }

  /** Where requests go. @throws InputError for a bucket whose requests are signed in another way than SigV4 */
  place(): Promise<Target> {
    this.#target ??= findTarget(this.#options);
    return this.#target;
  }
}

/** @throws InputError for a bucket whose requests are signed in another way than SigV4 */
async function findTarget({ client, bucket }: DirectClientOptions): Promise<Target> {
  const endpoint = await getEndpointFromInstructions({ Bucket: bucket, Key: 'key' }, PutObjectCommand, client.config);
  const schemes: readonly AuthScheme[] = endpoint.properties?.authSchemes ?? [];
  const scheme = schemes.find(({ name }) => name === 'sigv4');
  if (scheme === undefined) {
    throw new InputError(
      'bucket',
      `The input \`bucket\` is ${JSON.stringify(bucket)}, but directory buckets and access points of several regions ` +
        'are not supported: name a general purpose bucket, or an access point of one region.',
    );
  }
  const { url } = endpoint;
  const region = scheme.signingRegion ?? (await client.config.region());
  const signer = new S3Signer(region, scheme.signingName ?? 's3');
  return { url, basePath: url.pathname.replace(/\/+$/, ''), signer };
}

/** How an endpoint wants its requests signed ("authSchemes" of the endpoint rules of S3). */
interface AuthScheme {
  readonly name: string;
  readonly signingName?: string;
  readonly signingRegion?: string;
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeForS3).join('/');
}

function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeForS3(name)}=${encodeForS3(value)}`)
    .join('&');
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

async function errorOf(reply: IncomingMessage): Promise<ErrorReply> {
  const { statusCode = 0, headers } = reply;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of reply) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ERROR_BYTES) break;
    }
  } catch (error) {
    // A busy store that refuses before it has read the body may close the connection on it: the status says enough.
    if (statusCode < SERVER_ERROR && statusCode !== TOO_MANY_REQUESTS) throw error;
  }
  return new ErrorReply(statusCode, headers, Buffer.concat(chunks).toString());
}

/** Reads a reply whose body says nothing to its end, so that its connection is free for the next request. */
export function headersOf(reply: IncomingMessage): Promise<IncomingHttpHeaders> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders>();
  reply.once('end', () => resolve(reply.headers)).once('error', reject);
  reply.resume();
  return promise;
}

/** A direct client beside an SDK client that was made with the same options, and over the same connections. */
export function createDirectClient(
  bucket: string,
  client: S3Client,
  options: S3ClientOptions & Required<Pick<S3ClientOptions, 'agents' | 'clock'>>,
): DirectClient {
  const { agents, credentials, userAgent, idleTimeoutMs, meter, clock } = options;
  return new DirectClient({
    bucket,
    client,
    agents,
    credentials,
    userAgent,
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
    ...(meter && { meter }),
    clock,
  });
}
