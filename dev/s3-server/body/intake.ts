import { createHash, type Hash } from 'node:crypto';
import { type Algorithm, checksumHeader, type RunningChecksum, startChecksum } from '../checksums/algorithms.ts';
import type { AnnouncedChecksum } from '../checksums/announced.ts';
import { badRequest, S3Error } from '../errors.ts';
import type { HeaderMap } from '../http/headers.ts';
import { chunkVerifier } from '../sigv4/chunk-verifier.ts';
import type { Authentication } from '../sigv4/verify.ts';
import type { Body, BodySink, BodyStore } from '../storage/bodies.ts';
import { decodeAwsChunked } from './aws-chunked.ts';

/** A body to be taken in, with what its request says about it. */
export interface IncomingBody {
  readonly headers: HeaderMap;
  readonly auth: Authentication;
  readonly source: AsyncIterable<Uint8Array>;
  readonly announced: AnnouncedChecksum | undefined;
  /** Checksums to compute besides the announced one. */
  readonly compute: readonly Algorithm[];
}

/** A stored body whose every announced digest and length proved right. */
export interface ReceivedBody {
  readonly body: Body;
  readonly md5: Buffer;
  /** Base64, by algorithm: the announced one and those asked for. */
  readonly checksums: ReadonlyMap<Algorithm, string>;
}

/** The digests of one pass over the bytes: nothing is hashed that nobody asked for, but the MD5 that becomes the ETag. */
class Digests {
  private size = 0;
  private readonly md5 = createHash('md5');
  private readonly sha256: Hash | undefined;
  private readonly running: ReadonlyMap<Algorithm, RunningChecksum>;

  constructor(algorithms: Iterable<Algorithm>, withSha256: boolean) {
    this.running = new Map([...new Set(algorithms)].map((algorithm) => [algorithm, startChecksum(algorithm)]));
    this.sha256 = withSha256 ? createHash('sha256') : undefined;
  }

  update(bytes: Uint8Array): void {
    this.size += bytes.length;
    this.md5.update(bytes);
    this.sha256?.update(bytes);
    for (const checksum of this.running.values()) checksum.update(bytes);
  }

  finish(): FinishedDigests {
    return {
      size: this.size,
      md5: this.md5.digest(),
      sha256: this.sha256?.digest('hex'),
      checksums: new Map([...this.running].map(([algorithm, sum]) => [algorithm, sum.digest().toString('base64')])),
    };
  }
}

interface FinishedDigests {
  readonly size: number;
  readonly md5: Buffer;
  readonly sha256: string | undefined;
  readonly checksums: ReadonlyMap<Algorithm, string>;
}

const isStreaming = (auth: Authentication): boolean => auth.payload.startsWith('STREAMING-');

/** Bytes of the body proper; NaN when the request does not say. */
function announcedSize({ headers, auth }: IncomingBody): number {
  const length = headers[isStreaming(auth) ? 'x-amz-decoded-content-length' : 'content-length'];
  if (length === undefined && !isStreaming(auth)) {
    throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  return Number(length ?? Number.NaN);
}

function checkAnnouncedChecksum(
  announced: AnnouncedChecksum | undefined,
  found: FinishedDigests,
  trailers: ReadonlyMap<string, string>,
): void {
  if (announced === undefined) return;
  const { algorithm } = announced;
  const value = announced.value ?? trailers.get(checksumHeader(algorithm));
  if (value === undefined) {
    throw badRequest(
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    );
  }
  if (value !== found.checksums.get(algorithm)) {
    throw badRequest('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

function check(
  incoming: IncomingBody,
  size: number,
  found: FinishedDigests,
  trailers: ReadonlyMap<string, string>,
): void {
  if (!Number.isNaN(size) && size !== found.size) {
    throw badRequest(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  if (found.sha256 !== undefined && found.sha256 !== incoming.auth.payload) {
    throw badRequest(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5 = incoming.headers['content-md5'];
  if (md5 !== undefined && md5 !== found.md5.toString('base64')) {
    throw badRequest('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  checkAnnouncedChecksum(incoming.announced, found, trailers);
}

async function pour(source: AsyncIterable<Uint8Array>, digests: Digests, sink: BodySink): Promise<void> {
  for await (const bytes of source) {
    digests.update(bytes);
    const written = sink.write(bytes);
    if (written !== undefined) await written;
  }
}

/**
 * Reads a body once: stores it, hashes it, and forgets it again when a digest or a length it was announced with is wrong.
 * @throws {S3Error} BadDigest, XAmzContentSHA256Mismatch, IncompleteBody, MissingContentLength, …
 */
export async function receiveBody(store: BodyStore, incoming: IncomingBody): Promise<ReceivedBody> {
  const size = announcedSize(incoming);
  const algorithms = incoming.announced ? [incoming.announced.algorithm, ...incoming.compute] : incoming.compute;
  const digests = new Digests(algorithms, /^[0-9a-f]{64}$/u.test(incoming.auth.payload));
  const trailers = new Map<string, string>();
  const source = isStreaming(incoming.auth)
    ? decodeAwsChunked(incoming.source, trailers, chunkVerifier(incoming.auth))
    : incoming.source;
  const sink = store.sink(size);
  try {
    await pour(source, digests, sink);
    const found = digests.finish();
    check(incoming, size, found, trailers);
    return { body: await sink.finish(), md5: found.md5, checksums: found.checksums };
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** Stores bytes that come from the server itself, of a known size, with their digests. */
export async function copyBody(
  store: BodyStore,
  source: AsyncIterable<Uint8Array>,
  size: number,
  compute: readonly Algorithm[],
): Promise<ReceivedBody> {
  const digests = new Digests(compute, false);
  const sink = store.sink(size);
  try {
    await pour(source, digests, sink);
    const { md5, checksums } = digests.finish();
    return { body: await sink.finish(), md5, checksums };
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
