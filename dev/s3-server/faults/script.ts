import type { HeaderMap } from '../http/headers.ts';

/** A text to equal, or an expression to fit. */
export type TextPattern = string | RegExp;

/** Which requests a fault is for; what is absent fits every request. */
export interface RequestMatcher {
  /** Names as in the S3 and STS references, e.g. `UploadPart`, `AssumeRoleWithWebIdentity`. */
  readonly operation?: string | readonly string[];
  readonly method?: string;
  readonly bucket?: TextPattern;
  readonly key?: TextPattern;
  readonly headers?: Readonly<Record<string, TextPattern>>;
  readonly query?: Readonly<Record<string, TextPattern>>;
  /** Only the n-th request (from 1) that fits everything else, and those after it as far as `times` goes. */
  readonly request?: number;
}

/** What goes wrong. Bytes are counted from 0. */
export type FaultAction =
  | {
      readonly type: 'error';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly headers?: HeaderMap;
    }
  /** Status 200 with an error document, as CompleteMultipartUpload and CopyObject can answer. */
  | { readonly type: 'errorInBody'; readonly code: string; readonly message?: string }
  /** The connection breaks: without an effect `before`, with the reply lost `after`. */
  | { readonly type: 'reset' }
  /** The connection breaks when so much of the request's body has come in. */
  | { readonly type: 'cutRequest'; readonly afterBytes: number }
  /** The connection breaks when so much of the answer's body is out. */
  | { readonly type: 'cutAnswer'; readonly afterBytes: number }
  /** The answer's body is shorter than the object, and its length says so. */
  | { readonly type: 'truncate'; readonly afterBytes: number }
  /** One byte of the answer's body is another. */
  | { readonly type: 'corrupt'; readonly atByte: number }
  /** `Content-Length` is so many bytes off; the connection closes at the end of what there is. */
  | { readonly type: 'wrongLength'; readonly byBytes: number }
  /** No answer ever comes. */
  | { readonly type: 'silence' }
  /** So much of the answer's body comes, and then nothing any more. */
  | { readonly type: 'stallAnswer'; readonly afterBytes: number }
  /** `Expect: 100-continue` gets no answer; the body is taken when the client sends it anyway. */
  | { readonly type: 'noContinue' }
  /** DeleteObjects answers these keys with an error of their own and leaves them alone. */
  | { readonly type: 'keyErrors'; readonly keys: TextPattern; readonly code: string; readonly message?: string }
  | { readonly type: 'delay'; readonly milliseconds: number };

export interface FaultScript {
  /** For the report; made from the action when absent. */
  readonly name?: string;
  readonly match?: RequestMatcher;
  /** Asked once for each request that fits, in the order they come; those it is false for are let pass. */
  readonly applies?: () => boolean;
  /** How many requests meet it; 1 when absent. */
  readonly times?: number;
  /** Before the request has had its effect (when absent), or after. */
  readonly when?: 'before' | 'after';
  readonly action: FaultAction;
}

/** How a scripted fault has fared. */
export interface FaultReport {
  readonly name: string;
  readonly fired: number;
  readonly remaining: number;
}
