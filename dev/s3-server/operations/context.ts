import { type ReceivedBody, receiveBody } from '../body/intake.ts';
import type { Algorithm } from '../checksums/algorithms.ts';
import { announcedChecksum } from '../checksums/announced.ts';
import type { S3Error } from '../errors.ts';
import type { Answer } from '../http/answer.ts';
import type { S3Request } from '../http/request.ts';
import type { Access } from '../policy/access.ts';
import type { Authentication } from '../sigv4/verify.ts';
import type { ServerState } from '../state.ts';
import type { Bucket } from '../storage/bucket.ts';

/** What an operation gets to work with. */
export interface ServiceContext {
  readonly server: ServerState;
  readonly request: S3Request;
  readonly auth: Authentication;
  readonly access: Access;
  /** The error that a script wants for one key of a DeleteObjects request. */
  readonly keyError: (key: string) => S3Error | undefined;
}

/** The same for an operation on a bucket that exists. */
export interface BucketContext extends ServiceContext {
  readonly bucket: Bucket;
}

export type ServiceOperation = (context: ServiceContext) => Answer | Promise<Answer>;
export type BucketOperation = (context: BucketContext) => Answer | Promise<Answer>;

/** Takes in the request's body, checked against everything its headers say about it. */
export function takeBody(context: ServiceContext, compute: readonly Algorithm[] = []): Promise<ReceivedBody> {
  const { server, request, auth } = context;
  const announced = announcedChecksum(request.headers);
  return receiveBody(server.bodies, { headers: request.headers, auth, source: request.body(), announced, compute });
}

/** The body as text; for the small documents that configure things. */
export async function takeText(
  context: ServiceContext,
  options: { checksum: boolean } = { checksum: true },
): Promise<string> {
  const { server, request, auth } = context;
  const announced = options.checksum ? announcedChecksum(request.headers) : undefined;
  const incoming = { headers: request.headers, auth, source: request.body(), announced, compute: [] };
  const { body } = await receiveBody(server.bodies, incoming);
  const chunks: Uint8Array[] = [];
  for await (const chunk of server.bodies.read([body], 0, body.size - 1)) chunks.push(chunk);
  server.bodies.release([body]);
  return Buffer.concat(chunks).toString('utf8');
}

export const versionIdOf = (request: S3Request): string | undefined => request.query.get('versionId') ?? undefined;

export const bypassesGovernance = (request: S3Request): boolean =>
  request.headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
