import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { homeRegion } from './arn.ts';
import { retrySkewOnlyWhereRefused, reusePayloadSha256, watchHttp } from './client-plugins.ts';
import type { CredentialProvider } from './credential-types.ts';
import { rejectEmptyDeletes } from './empty-reply.ts';
import { isAmazon } from './endpoint.ts';
import { type Agents, createAgents, type ProxySettings } from './proxy.ts';
import type { RequestMeter } from './request-meter.ts';
import type { StoreClock } from './store-clock.ts';

/** Without these the SDK waits for ever on a server that accepts a connection and stays silent. */
export const CONNECTION_TIMEOUT_MS = 10_000;
/** Silence on a connection, in either direction, while a request is under way. */
export const S3_IDLE_TIMEOUT_MS = 120_000;
/** From the first byte of a request to the head of its reply: what a trickle may last that never falls silent. */
export const S3_REQUEST_TIMEOUT_MS = 3_600_000;
export const STS_IDLE_TIMEOUT_MS = 15_000;
export const STS_REQUEST_TIMEOUT_MS = 30_000;

/** The SDK's default of 3 gives up within about 0.15 s of trouble; 10 last about 10 s. */
export const S3_MAX_ATTEMPTS = 10;
/** Few, because a role is assumed again with a fresh token on top of them. */
export const STS_MAX_ATTEMPTS = 3;
const STS_MAX_SOCKETS = 4;

/** How this tool calls itself to a server. */
export interface UserAgent {
  readonly name: string;
  readonly version: string;
}

/** What all SDK clients have in common. */
export interface Network {
  readonly proxy: ProxySettings;
  readonly userAgent: UserAgent;
}

export interface S3ClientOptions extends Network {
  /** Where the bucket is, or what the store wants to see in a signature. */
  readonly region: string;
  /** Absent for Amazon S3. */
  readonly endpoint?: URL;
  /** Bucket in the path instead of in the host name. Default: for every endpoint that was given. */
  readonly forcePathStyle?: boolean;
  readonly credentials: CredentialProvider;
  /** Requests in parallel; connections follow it. */
  readonly concurrency: number;
  /** Connections that others use too, by {@link createS3Agents}. Default: its own. */
  readonly agents?: Agents;
  /** Default {@link S3_MAX_ATTEMPTS}. 1 for callers that try again themselves. */
  readonly maxAttempts?: number;
  /** Default {@link S3_IDLE_TIMEOUT_MS}. */
  readonly idleTimeoutMs?: number;
  readonly meter?: RequestMeter;
  readonly clock?: StoreClock;
  /** Sends requests without a signature, for what a store tells anyone. */
  readonly unsigned?: boolean;
}

/** Connections beside those for the data: listings, claims and the like never wait for parts. */
const SPARE_SOCKETS = 8;

/** Connections to a store, for all that send requests to it: each that is kept open spares the next one its handshakes. */
export function createS3Agents({
  region,
  endpoint,
  proxy,
  concurrency,
}: Pick<S3ClientOptions, 'region' | 'endpoint' | 'proxy' | 'concurrency'>): Agents {
  const target = endpoint ?? new URL(`https://s3.${region}.amazonaws.com`);
  return createAgents(target, proxy, concurrency + SPARE_SOCKETS);
}

/** The only way to make an S3 client: every one has timeouts, a retry budget, the proxy, the meter and the clock. */
export function createS3Client(options: S3ClientOptions): S3Client {
  const client = new S3Client({
    ...s3Protocol(options.endpoint, options.forcePathStyle),
    region: options.region,
    credentials: options.credentials,
    ...(options.unsigned && { signer: { sign: async (request) => request } }),
    maxAttempts: options.maxAttempts ?? S3_MAX_ATTEMPTS,
    customUserAgent: [[options.userAgent.name, options.userAgent.version]],
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: options.idleTimeoutMs ?? S3_IDLE_TIMEOUT_MS,
      requestTimeout: S3_REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      ...(options.agents ?? createS3Agents(options)),
    },
  });
  client.middlewareStack.use(watchHttp(options));
  client.middlewareStack.use(reusePayloadSha256);
  client.middlewareStack.use(retrySkewOnlyWhereRefused);
  client.middlewareStack.use(rejectEmptyDeletes);
  return client;
}

/** How to talk to a store: Amazon takes what the SDK does by default, others often do not. */
function s3Protocol(endpoint: URL | undefined, forcePathStyle: boolean | undefined) {
  const checksums = isAmazon(endpoint) ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  return {
    // With `Expect: 100-continue` every large body opens a connection of its own, and stalls where it is ignored.
    expectContinueHeader: false,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    // It would redirect again for each request; the region is found once instead.
    followRegionRedirects: false,
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    ...(endpoint && { endpoint: endpoint.href }),
  } satisfies S3ClientConfig;
}

export interface StsOptions extends Network {
  /** The region of the bucket as far as known; `auto` and the like are not regions of STS. */
  readonly region: string | undefined;
  /** Of the role; decides the region where none is known. Default `aws`. */
  readonly partition?: string;
  /** Absent for the regional endpoint of AWS. */
  readonly endpoint?: URL;
}

const AWS_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/**
 * The settings of every STS client. Region and request handler are always set: otherwise they are inherited from the
 * S3 client, whose region may be one that STS does not have.
 */
export function stsClientConfig(options: StsOptions) {
  const region = stsRegion(options);
  return {
    region,
    maxAttempts: STS_MAX_ATTEMPTS,
    customUserAgent: [[options.userAgent.name, options.userAgent.version]],
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: STS_IDLE_TIMEOUT_MS,
      requestTimeout: STS_REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      ...createAgents(stsUrl(options), options.proxy, STS_MAX_SOCKETS),
    },
    ...(options.endpoint && { endpoint: options.endpoint.href }),
  } satisfies Parameters<typeof fromTemporaryCredentials>[0]['clientConfig'];
}

/** Where STS is asked: for proxies and for messages. */
export function stsUrl(options: StsOptions): URL {
  return options.endpoint ?? new URL(`https://sts.${stsRegion(options)}.amazonaws.com`);
}

function stsRegion({ region, partition }: StsOptions): string {
  return region !== undefined && AWS_REGION.test(region) ? region : homeRegion(partition);
}
