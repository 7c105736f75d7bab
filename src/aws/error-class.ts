import type { ErrorClass } from '../errors.ts';
import { EMPTY_REPLY } from './empty-reply.ts';
import { CUT_REPLY, type ErrorFacts } from './error-facts.ts';

/** By code, which says more than the status: an error inside a 200 reply reaches us with status 503. */
const CODES: Readonly<Record<Exclude<ErrorClass, 'local' | 'input' | 'permanent'>, readonly string[]>> = {
  throttled: [
    'Throttling',
    'Throttled',
    'RequestThrottled',
    'RequestLimitExceeded',
    'TooManyRequests',
    'BandwidthLimitExceeded',
    'LimitExceeded',
  ],
  transient: [
    'InternalError',
    'InternalFailure',
    'ServiceUnavailable',
    'RequestTimeout',
    'TimeoutError',
    'IncompleteBody',
    EMPTY_REPLY,
    CUT_REPLY,
    // The bytes changed on their way: they are sent again.
    'BadDigest',
    'XAmzContentSHA256Mismatch',
    'XAmzContentChecksumMismatch',
    'IDPCommunicationError',
    // The SDK takes the server's time from the refusal: the next try is signed with it.
    'RequestTimeTooSkewed',
    'ECONNRESET',
    'ECONNREFUSED',
    'ECONNABORTED',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
    'ENOBUFS',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
    'ERR_STREAM_PREMATURE_CLOSE',
  ],
  expired: ['ExpiredToken', 'RequestExpired', 'TokenRefreshRequired'],
  conflict: ['ConditionalRequestConflict', 'OperationAborted'],
  'lost-race': ['PreconditionFailed'],
  'not-found': ['NoSuchKey', 'NoSuchUpload', 'NoSuchVersion', 'NotFound'],
};

const CLASS_BY_CODE: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries(CODES).flatMap(([errorClass, codes]) =>
    codes.map((code) => [code, errorClass as ErrorClass] as const),
  ),
);

const CLASS_BY_STATUS: ReadonlyMap<number, ErrorClass> = new Map([
  [404, 'not-found'],
  [408, 'transient'],
  [409, 'conflict'],
  [412, 'lost-race'],
  [425, 'transient'],
  [429, 'throttled'],
  // Not implemented, HTTP version not supported, insufficient storage.
  [501, 'permanent'],
  [505, 'permanent'],
  [507, 'permanent'],
]);

/** Of HTTP; what stands before a store has more of them than the RFCs (Cloudflare's 520 to 527 and 530). */
const SERVER_ERROR = 500;

/** TLS and HTTP that make no sense: bytes that changed on their way, or an answer of something in between. */
const GARBLED = /^(?:EPROTO$|ERR_SSL_|HPE_)/;
/** The same codes where a setting is to blame: plain HTTP at the address, a certificate, no version in common. */
const SETTING =
  /wrong version number|handshake failure|protocol version|unsupported protocol|certificate|unknown ca\b/i;

/**
 * What a failure means, from its code, else from its status. What neither says is not worth another try.
 * @param message tells the reasons of `EPROTO` apart
 */
export function classOf({ code, httpStatus, message = '' }: Partial<ErrorFacts>): ErrorClass {
  if (code === 'AbortError') return 'local';
  const byCode = code === undefined ? undefined : classOfCode(code, message);
  if (byCode !== undefined) return byCode;
  // A 409 with a code of its own (a bucket in the wrong state, say) is no race; a 5xx is trouble whatever it is called.
  const byStatus = httpStatus === undefined ? undefined : classOfStatus(httpStatus);
  if (byStatus === undefined) return 'permanent';
  return code === undefined || byStatus === 'transient' || byStatus === 'throttled' ? byStatus : 'permanent';
}

function classOfCode(code: string, message: string): ErrorClass | undefined {
  // MinIO says `SlowDownRead` and `SlowDownWrite`.
  if (code.startsWith('SlowDown')) return 'throttled';
  if (GARBLED.test(code)) return SETTING.test(`${code.replaceAll('_', ' ')} ${message}`) ? 'permanent' : 'transient';
  return CLASS_BY_CODE.get(code);
}

function classOfStatus(status: number): ErrorClass | undefined {
  return CLASS_BY_STATUS.get(status) ?? (status >= SERVER_ERROR ? 'transient' : undefined);
}
