import { describe, expect, it } from '@jest/globals';
import { classOf } from '../../src/aws/error-class.ts';

describe('classOf', () => {
  it.each([
    ['SlowDown', 503, 'throttled'],
    ['TooManyRequests', 429, 'throttled'],
    [undefined, 429, 'throttled'],
    ['InternalError', 500, 'transient'],
    ['InternalError', 200, 'transient'],
    [undefined, 502, 'transient'],
    ['SomethingNew', 503, 'transient'],
    ['RequestTimeout', 400, 'transient'],
    ['BadDigest', 400, 'transient'],
    ['ECONNRESET', undefined, 'transient'],
    ['TimeoutError', undefined, 'transient'],
    ['ExpiredToken', 400, 'expired'],
    ['ConditionalRequestConflict', 409, 'conflict'],
    ['OperationAborted', 409, 'conflict'],
    [undefined, 409, 'conflict'],
    ['InvalidBucketState', 409, 'permanent'],
    ['PreconditionFailed', 412, 'lost-race'],
    // An error inside a 200 of CompleteMultipartUpload: the SDK makes the status 503.
    ['PreconditionFailed', 503, 'lost-race'],
    [undefined, 412, 'lost-race'],
    ['NoSuchKey', 404, 'not-found'],
    ['NoSuchUpload', 404, 'not-found'],
    ['NotFound', 404, 'not-found'],
    ['NoSuchBucket', 404, 'permanent'],
    ['AccessDenied', 403, 'permanent'],
    ['NotImplemented', 501, 'permanent'],
    ['InvalidArgument', 400, 'permanent'],
    ['CERT_HAS_EXPIRED', undefined, 'permanent'],
    [undefined, undefined, 'permanent'],
    ['AbortError', undefined, 'local'],
    ['constructor', undefined, 'permanent'],
  ])('%s %s: %s', (code, httpStatus, expected) => {
    expect(classOf({ ...(code && { code }), ...(httpStatus && { httpStatus }) })).toBe(expected);
  });
});
