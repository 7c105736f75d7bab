import { headerOf } from './client-plugins.ts';

/** What a reply or a failed connection said, in one shape. */
export interface ErrorFacts {
  /** The store's or the system's code; absent where there was only a status (a HEAD reply has no body). */
  readonly code?: string;
  /** The store's own words; may be empty. Hostile text. */
  readonly message: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly attempts?: number;
  /** The bucket's region, where the reply names it. */
  readonly bucketRegion?: string;
}

/** Names the SDK gives to an error that had no code. */
const NO_CODE: ReadonlySet<string> = new Set(['Error', 'Unknown', 'UnknownError', '']);
/** What the SDK makes of an error without a message. */
const NO_MESSAGE: ReadonlySet<string> = new Set(['UnknownError', 'Unknown']);

/** Reads the facts out of anything an SDK client can throw. */
export function factsOf(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const metadata = objectIn(error, '$metadata');
  const message = textIn(error, 'message') ?? '';
  const response: unknown = Reflect.get(error, '$response');
  const requestId = textIn(metadata, 'requestId');
  return withoutUndefined({
    code: isCutReply(message, requestId) ? CUT_REPLY : codeOf(error),
    message: NO_MESSAGE.has(message) ? '' : message,
    httpStatus: numberIn(metadata, 'httpStatusCode'),
    requestId,
    attempts: numberIn(metadata, 'attempts'),
    bucketRegion: headerOf(response, 'x-amz-bucket-region') ?? /expecting '([a-z0-9-]+)'/.exec(message)?.[1],
  });
}

/** True if the request was refused for a wrong time, which the SDK has set right since. */
export function isSkewCorrected(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const metadata = objectIn(error, '$metadata');
  return metadata !== undefined && Reflect.get(metadata, 'clockSkewCorrected') === true;
}

/** The SDK keeps only the words of an error from another realm, as under a test runner that isolates modules. */
const REWORDED = /^AWS SDK error wrapper for (.*)$/s;

/** The S3 code is the error's name; system errors have it in `code`, sometimes one cause deeper. */
function codeOf(error: object): string | undefined {
  const system = textIn(error, 'code') ?? textIn(objectIn(error, 'cause'), 'code') ?? codeInWords(error);
  const name = textIn(error, 'name') ?? '';
  if (NO_CODE.has(name)) return system;
  // An SDK timeout is told apart by its name; it is a system error by its code.
  return name === 'TypeError' || name === 'AggregateError' ? (system ?? name) : name.replace(/Exception$/, '');
}

/** What Node.js says of a reply that breaks off: before its head, or in its body. */
const BROKEN_OFF = /socket hang up|^(Error: )?aborted$/;

/** The code of a document of the store's own that ends in its middle. */
export const CUT_REPLY = 'CutReply';

/** What the SDK says of such a document. A page of something else makes no sense in other ways, or has no request ID. */
const CUT_DOCUMENT = /XML parse error: unexpected end of input/;

function isCutReply(message: string, requestId: string | undefined): boolean {
  return requestId !== undefined && CUT_DOCUMENT.test(message);
}

function codeInWords(error: object): string | undefined {
  const [, words = ''] = REWORDED.exec(textIn(error, 'message') ?? '') ?? [];
  return BROKEN_OFF.test(words) ? 'ECONNRESET' : /\bE[A-Z_]{3,}\b/.exec(words)?.[0];
}

function objectIn(holder: object | undefined, name: string): object | undefined {
  const value: unknown = holder && Reflect.get(holder, name);
  return typeof value === 'object' && value !== null ? value : undefined;
}

function textIn(holder: object | undefined, name: string): string | undefined {
  const value: unknown = holder && Reflect.get(holder, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberIn(holder: object | undefined, name: string): number | undefined {
  const value: unknown = holder && Reflect.get(holder, name);
  return typeof value === 'number' ? value : undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops fields that are undefined, for types whose optional fields must be absent instead. */
function withoutUndefined<T extends object>(fields: T): Partial<Defined<T>> & Pick<T, Extract<keyof T, 'message'>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/**
 * What is kept of an SDK error as a cause: name, message and stack. The error itself drags along the whole reply, and
 * the canonical request some stores echo, in which the session token stands in clear.
 */
export function slimCause(error: unknown): Error {
  const facts = factsOf(error);
  const cause = new Error(facts.message);
  cause.name = facts.code ?? 'Error';
  if (error instanceof Error && error.stack !== undefined) cause.stack = error.stack;
  return cause;
}
