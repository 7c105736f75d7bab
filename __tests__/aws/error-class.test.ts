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
    ['EmptyReply', 200, 'transient'],
    ['CutReply', 200, 'transient'],
    ['BadDigest', 400, 'transient'],
    ['ECONNRESET', undefined, 'transient'],
    ['ENETDOWN', undefined, 'transient'],
    ['EHOSTDOWN', undefined, 'transient'],
    ['EADDRNOTAVAIL', undefined, 'transient'],
    ['ENOBUFS', undefined, 'transient'],
    ['EAI_FAIL', undefined, 'transient'],
    ['EPROTO', undefined, 'transient'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', undefined, 'transient'],
    ['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', undefined, 'transient'],
    ['HPE_INVALID_CONSTANT', undefined, 'transient'],
    ['HPE_HEADER_OVERFLOW', undefined, 'transient'],
    // Of Cloudflare, in front of R2: the origin is down, too slow, or garbles.
    ...[509, 520, 521, 522, 523, 524, 525, 526, 527, 530].map((status) => [undefined, status, 'transient'] as const),
    ['InsufficientStorage', 507, 'permanent'],
    [undefined, 501, 'permanent'],
    [undefined, 505, 'permanent'],
    [undefined, 507, 'permanent'],
    // MinIO's words.
    ['SlowDownRead', 503, 'throttled'],
    ['SlowDownWrite', 503, 'throttled'],
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
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'permanent'],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'permanent'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', undefined, 'permanent'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', undefined, 'permanent'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'permanent'],
    [undefined, undefined, 'permanent'],
    ['AbortError', undefined, 'local'],
    ['constructor', undefined, 'permanent'],
  ])('%s %s: %s', (code, httpStatus, expected) => {
    expect(classOf({ ...(code && { code }), ...(httpStatus && { httpStatus }) })).toBe(expected);
  });

  it.each([
    ['ssl3_get_record:decryption failed or bad record mac', 'transient'],
    ['tls_validate_record_header:wrong version number', 'permanent'],
    ['ssl3_read_bytes:ssl/tls alert handshake failure', 'permanent'],
    ['ssl3_read_bytes:tlsv13 alert certificate required', 'permanent'],
  ])('EPROTO, %s: %s', (reason, expected) => {
    const message = `write EPROTO 406D6347AB7F0000:error:0A00010B:SSL routines:${reason}:tlsany_meth.c:77:`;
    expect(classOf({ code: 'EPROTO', message })).toBe(expected);
  });
});
