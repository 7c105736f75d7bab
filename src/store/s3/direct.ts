import { createHash, hash, subtle } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type DirectClient, headersOf } from '../../aws/direct-client.ts';
import { UNSIGNED_PAYLOAD } from '../../aws/sigv4.ts';
import type { ObjectReply } from './object-info.ts';

/** The header of each field of an SDK input ("PutObject", "UploadPart", "GetObject", S3 API Reference). */
const HEADERS = {
  ChecksumCRC32: 'x-amz-checksum-crc32',
  ChecksumSHA256: 'x-amz-checksum-sha256',
  ContentType: 'content-type',
  ExpectedBucketOwner: 'x-amz-expected-bucket-owner',
  IfMatch: 'if-match',
  IfNoneMatch: 'if-none-match',
  ObjectLockLegalHoldStatus: 'x-amz-object-lock-legal-hold',
  ObjectLockMode: 'x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'x-amz-object-lock-retain-until-date',
  Range: 'range',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  StorageClass: 'x-amz-storage-class',
  Tagging: 'x-amz-tagging',
} as const;

/** The fields a direct request can carry, as the SDK's commands name them. */
export type ObjectInput = { readonly [Field in keyof typeof HEADERS]?: string | Date | undefined } & {
  readonly Bucket: string;
  readonly Key: string;
};

export interface PartInput extends ObjectInput {
  readonly UploadId: string;
  readonly PartNumber: number;
}

export interface ReadInput extends ObjectInput {
  readonly VersionId?: string;
}

/**
 * How S3 finds out that a body has changed on its way: by the body's SHA-256 (64 hex digits), if it is known already, or
 * by a checksum in the headers. That is enough over TLS, where the store has shown that it compares it.
 */
export type BodyCheck = { readonly sha256: string } | { readonly checksumIsChecked: boolean };

/** Sends one object or part, once. */
export async function putDirectly(
  client: DirectClient,
  input: ObjectInput | PartInput,
  body: Uint8Array,
  check: BodyCheck,
  signal: AbortSignal,
): Promise<ObjectReply> {
  const request = {
    method: 'PUT' as const,
    key: input.Key,
    ...('UploadId' in input && { query: { partNumber: String(input.PartNumber), uploadId: input.UploadId } }),
    headers: headersFor(input),
    body,
    payload: await payloadOf(await client.isSecure(), body, check),
  };
  return putReply(await headersOf(await client.send(request, signal)));
}

/** @returns the reply, whose body is the object's bytes */
export function getDirectly(client: DirectClient, input: ReadInput, signal: AbortSignal): Promise<IncomingMessage> {
  const request = {
    method: 'GET' as const,
    key: input.Key,
    ...(input.VersionId && { query: { versionId: input.VersionId } }),
    headers: headersFor(input),
    payload: EMPTY_SHA256,
  };
  return client.send(request, signal);
}

/** What is signed for a body: its SHA-256 unless the checksum in the headers does. */
export async function payloadOf(secure: boolean, body: Uint8Array, check: BodyCheck): Promise<string> {
  if ('sha256' in check) return check.sha256;
  if (check.checksumIsChecked && secure) return UNSIGNED_PAYLOAD;
  if (body.byteLength < HASHED_ELSEWHERE_BYTES) return hash('sha256', body);
  if (body.byteLength > MAX_COPIED_BYTES) return hashInTurns(body);
  return Buffer.from(await subtle.digest('SHA-256', body)).toString('hex');
}

/** From here on a body is hashed by another thread: that costs a copy of it, which takes a tenth of the time. */
const HASHED_ELSEWHERE_BYTES = 1024 * 1024;

/** Copies of larger bodies, of which several are sent at once, would take as much memory again as `max-memory` allows. */
const MAX_COPIED_BYTES = 16 * 1024 * 1024;

/** Hashed before anybody else gets a turn: some five milliseconds. */
const TURN_BYTES = 8 * 1024 * 1024;

async function hashInTurns(body: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256');
  for (let at = 0; at < body.byteLength; at += TURN_BYTES) {
    sha256.update(body.subarray(at, at + TURN_BYTES));
    await setImmediate();
  }
  return sha256.digest('hex');
}

const EMPTY_SHA256 = hash('sha256', '');

function headersFor(input: ObjectInput): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [field, name] of Object.entries(HEADERS)) {
    const value = input[field as keyof typeof HEADERS];
    if (value !== undefined) headers[name] = value instanceof Date ? value.toISOString() : value;
  }
  return headers;
}

function putReply(headers: IncomingHttpHeaders): ObjectReply {
  return {
    ETag: headers.etag,
    VersionId: headers['x-amz-version-id']?.toString(),
    ServerSideEncryption: headers['x-amz-server-side-encryption']?.toString(),
  };
}
