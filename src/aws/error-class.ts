import type { ErrorClass } from '../errors.ts';
import type { ErrorFacts } from './error-facts.ts';

/** By code, which says more than the status: an error inside a 200 reply reaches us with status 503. */
const CODES: Readonly<Record<Exclude<ErrorClass, 'local' | 'input' | 'permanent'>, readonly string[]>> = {
  throttled: [
    'SlowDown',
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
    'ENOTFOUND',
    'EAI_AGAIN',
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
  [500, 'transient'],
  [502, 'transient'],
  [503, 'transient'],
  [504, 'transient'],
]);

/** What a failure means, from its code, else from its status. What neither says is not worth another try. */
export function classOf({ code, httpStatus }: Pick<ErrorFacts, 'code' | 'httpStatus'>): ErrorClass {
  if (code === 'AbortError') return 'local';
  const byCode = code === undefined ? undefined : CLASS_BY_CODE.get(code);
  if (byCode !== undefined) return byCode;
  // A 409 with a code of its own (a bucket in the wrong state, say) is no race; a 5xx is trouble whatever it is called.
  const byStatus = httpStatus === undefined ? undefined : CLASS_BY_STATUS.get(httpStatus);
  if (byStatus === undefined) return 'permanent';
  return code === undefined || byStatus === 'transient' || byStatus === 'throttled' ? byStatus : 'permanent';
}
