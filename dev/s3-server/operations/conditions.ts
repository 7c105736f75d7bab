import { noSuchKey, notImplemented, preconditionFailed, S3Error } from '../errors.ts';
import type { HeaderMap } from '../http/headers.ts';
import type { ObjectVersion } from '../storage/objects.ts';

const bare = (etag: string): string => etag.trim().replace(/^W\//u, '').replace(/^"|"$/gu, '');

const etags = (list: string): string[] => list.split(',').map(bare);

/**
 * Judges If-None-Match and If-Match of a write against the current version.
 * @throws {S3Error} PreconditionFailed; NoSuchKey for If-Match without an object; NotImplemented for If-None-Match with
 *   anything but `*`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(headers: HeaderMap, current: ObjectVersion | undefined, key: string): void {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw notImplemented();
    if (current !== undefined) throw preconditionFailed('If-None-Match');
  }
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (ifMatch !== '*' && bare(ifMatch) !== bare(current.etag)) throw preconditionFailed('If-Match');
}

/** Judges a delete's If-Match (or an ETag in DeleteObjects); a key that is not there has nothing to lose. */
export function checkDeleteCondition(etag: string | undefined, current: ObjectVersion | undefined): void {
  if (etag === undefined || current === undefined || etag === '*') return;
  if (bare(etag) !== bare(current.etag)) throw preconditionFailed('If-Match');
}

const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;

/**
 * Judges the conditions of a read (RFC 9110).
 * @throws {S3Error} PreconditionFailed, or NotModified (304).
 */
export function checkReadConditions(headers: HeaderMap, object: ObjectVersion): void {
  const matches = (list: string): boolean => etags(list).some((etag) => etag === '*' || etag === bare(object.etag));
  const modified = wholeSeconds(object.modified);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const { 'if-unmodified-since': unmodifiedSince, 'if-modified-since': modifiedSince } = headers;
  if (ifMatch !== undefined && !matches(ifMatch)) throw preconditionFailed('If-Match');
  if (ifMatch === undefined && unmodifiedSince !== undefined && modified > Date.parse(unmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const unchanged =
    ifNoneMatch === undefined
      ? modifiedSince !== undefined && modified <= Date.parse(modifiedSince)
      : matches(ifNoneMatch);
  if (unchanged) throw new S3Error(304, 'NotModified', 'Not Modified', { headers: { etag: object.etag } });
}
