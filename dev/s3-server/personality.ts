import { badRequest, invalidArgument, notImplemented } from './errors.ts';
import type { HeaderMap } from './http/headers.ts';
import type { S3Request } from './http/request.ts';
import type { S3Operation } from './http/routes.ts';

/** Which features of S3 the server has; each other value plays a store that lacks it. */
export interface Personality {
  /** `ignored`: the header is accepted and has no effect. */
  readonly conditionalWrites: 'enforced' | 'ignored' | 'notImplemented';
  /** `notImplemented` is Cloudflare R2's refusal, `invalidArgument` Backblaze B2's. */
  readonly tagging: true | 'notImplemented' | 'invalidArgument';
  /** `ignored`: neither checked nor kept, as Ceph 16. */
  readonly checksums: true | 'notImplemented' | 'ignored';
  /** False: `ChecksumType: FULL_OBJECT` is refused. */
  readonly fullObjectChecksums: boolean;
  /** `missingContentMd5`: DeleteObjects wants Content-MD5, which the SDK no longer sends. */
  readonly bulkDelete: true | 'missingContentMd5' | 'notImplemented';
  /** `dropped`: an upload in parts forgets the tags and the lock it was opened with, and says nothing, as Ceph 16. */
  readonly multipartProperties: 'kept' | 'dropped';
  /** `omitted`: the reply to CompleteMultipartUpload does not say it, as Ceph 16. */
  readonly completionEtag: 'said' | 'omitted';
  /** Whether `x-amz-expected-bucket-owner` is compared, passed over or refused. */
  readonly expectedBucketOwner: 'enforced' | 'ignored' | 'notImplemented';
  /** Upper bound for the rows of a listing page, at most 1,000. */
  readonly maxKeysPerPage: number;
  /** What every part but the last has at least; fewer than Amazon's 5 MiB spare tests the bytes. */
  readonly minPartBytes: number;
}

/** Amazon S3. */
export const AMAZON: Personality = {
  conditionalWrites: 'enforced',
  tagging: true,
  checksums: true,
  fullObjectChecksums: true,
  bulkDelete: true,
  multipartProperties: 'kept',
  completionEtag: 'said',
  expectedBucketOwner: 'enforced',
  maxKeysPerPage: 1000,
  minPartBytes: 5 * 1024 * 1024,
};

const CONDITIONAL = ['if-match', 'if-none-match'];
const WRITES: readonly S3Operation[] = ['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject'];
const TAGGING_OPERATIONS: readonly S3Operation[] = ['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging'];

const isChecksumHeader = (name: string): boolean =>
  name.startsWith('x-amz-checksum-') || name === 'x-amz-sdk-checksum-algorithm' || name === 'x-amz-trailer';

function without(headers: HeaderMap, unwanted: (name: string) => boolean): HeaderMap {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !unwanted(name)));
}

const headerNotImplemented = (name: string, value: string | undefined) =>
  notImplemented(`Header '${name}' with value '${value ?? ''}' not implemented`);

function conditional({ conditionalWrites }: Personality, operation: S3Operation, headers: HeaderMap): HeaderMap {
  const used = CONDITIONAL.some((name) => headers[name] !== undefined);
  if (conditionalWrites === 'enforced' || !used || !WRITES.includes(operation)) return headers;
  if (conditionalWrites === 'notImplemented') throw notImplemented();
  return without(headers, (name) => CONDITIONAL.includes(name));
}

function checkTagging({ tagging }: Personality, operation: S3Operation, headers: HeaderMap): void {
  if (tagging === true) return;
  const value = headers['x-amz-tagging'];
  if (value !== undefined && tagging === 'invalidArgument') {
    throw invalidArgument("Unsupported header 'x-amz-tagging' received for this API call.");
  }
  if (value !== undefined) throw headerNotImplemented('x-amz-tagging', value);
  if (TAGGING_OPERATIONS.includes(operation)) throw notImplemented(`${operation} not implemented`);
}

function checksums({ checksums: support, fullObjectChecksums }: Personality, headers: HeaderMap): HeaderMap {
  const type = headers['x-amz-checksum-type'];
  if (support === 'ignored') return without(headers, isChecksumHeader);
  const used = Object.keys(headers).find(isChecksumHeader);
  if (support === 'notImplemented' && used !== undefined) throw headerNotImplemented(used, headers[used]);
  if (!fullObjectChecksums && type?.toUpperCase() === 'FULL_OBJECT') {
    throw headerNotImplemented('x-amz-checksum-type', type);
  }
  return headers;
}

function multipart({ multipartProperties }: Personality, operation: S3Operation, headers: HeaderMap): HeaderMap {
  if (multipartProperties === 'kept' || operation !== 'CreateMultipartUpload') return headers;
  return without(headers, (name) => name === 'x-amz-tagging' || name.startsWith('x-amz-object-lock-'));
}

function checkBulkDelete({ bulkDelete }: Personality, operation: S3Operation, headers: HeaderMap): void {
  if (operation !== 'DeleteObjects' || bulkDelete === true) return;
  if (bulkDelete === 'notImplemented') throw notImplemented('DeleteObjects not implemented');
  if (headers['content-md5'] === undefined) {
    throw badRequest('MissingContentMD5', 'Missing required header for this request: Content-MD5');
  }
}

function expectedOwner({ expectedBucketOwner }: Personality, headers: HeaderMap): HeaderMap {
  const name = 'x-amz-expected-bucket-owner';
  if (expectedBucketOwner === 'enforced' || headers[name] === undefined) return headers;
  if (expectedBucketOwner === 'notImplemented') throw headerNotImplemented(name, headers[name]);
  return without(headers, (header) => header === name);
}

/**
 * The request as a store of this personality sees it: without the headers that it passes over.
 * @throws {S3Error} the store's refusal of what it has not got.
 */
export function asSeenBy(personality: Personality, operation: S3Operation, request: S3Request): S3Request {
  checkTagging(personality, operation, request.headers);
  checkBulkDelete(personality, operation, request.headers);
  const kept = multipart(personality, operation, conditional(personality, operation, request.headers));
  const headers = expectedOwner(personality, checksums(personality, kept));
  return headers === request.headers ? request : { ...request, headers };
}
