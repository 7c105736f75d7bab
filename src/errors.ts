/**
 * What a failure means for the caller, decided in one place (`src/aws/errors.ts` for what a store said).
 *
 * - `transient`: try again; `throttled`: try again, slower; `expired`: refresh credentials, then try again;
 * - `conflict`: a 409, nobody won yet, try again; `lost-race`: a 412, the condition did not hold;
 * - `not-found`: there is no such object or upload; `permanent`: trying again changes nothing;
 * - `local`: this machine's trouble (a file changed, the disk is full); `input`: the user has to change something.
 */
export type ErrorClass =
  | 'transient'
  | 'throttled'
  | 'expired'
  | 'conflict'
  | 'lost-race'
  | 'not-found'
  | 'permanent'
  | 'local'
  | 'input';

/** The fields of a {@link BackupError}; all optional but the class. */
export interface ErrorDetails {
  readonly class: ErrorClass;
  /** What was being done, as S3 or the code names it: `PutObject`, `read file`. */
  readonly operation?: string;
  /** The object key or file path it was done to. */
  readonly key?: string;
  /** The store's or the system's error code: `AccessDenied`, `ENOENT`. */
  readonly code?: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly attempts?: number;
  /** It was tried for as long as it may be: whoever asked for it does not begin anew. */
  readonly givenUp?: true;
  readonly expected?: string;
  readonly found?: string;
  /** What the user can do about it: one sentence, without a final full stop missing. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error type of the project. `message` is a sentence for people; the fields are for code and logs. */
export class BackupError extends Error {
  override readonly name: string = 'BackupError';
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
  }

  get class(): ErrorClass {
    return this.details.class;
  }
}

/** Bad input: the message names the input, the value, the rule and the remedy in one sentence. */
export class InputError extends BackupError {
  override readonly name = 'InputError';
  /** The input's name as in action.yml. */
  readonly input: string;

  constructor(input: string, message: string, details: Omit<ErrorDetails, 'class'> = {}) {
    super(message, { ...details, class: 'input' });
    this.input = input;
  }
}

/** The code of every error for something stored that is there, but not as it was written. */
export const DAMAGED = 'DAMAGED';

/** True for an error that says so: trying again, or another machine, will not change it. */
export function isDamaged(error: unknown): error is BackupError {
  return error instanceof BackupError && error.details.code === DAMAGED;
}

/** The operation of the error that everything ends with once the process was asked to stop. */
export const CANCEL = 'cancel';

/** True for that error. */
export function isCancelled(error: unknown): error is BackupError {
  return error instanceof BackupError && error.details.operation === CANCEL;
}

/** True if `error` is a {@link BackupError} of one of the classes. */
export function isClass(error: unknown, ...classes: readonly ErrorClass[]): error is BackupError {
  return error instanceof BackupError && classes.includes(error.class);
}

/**
 * The message of anything that was thrown. Judged by its shape: an error of another realm (a worker, a test's sandbox) is
 * no `instanceof Error`.
 */
export function messageOf(error: unknown): string {
  const message = fieldOf(error, 'message');
  return typeof message === 'string' ? message : String(error);
}

/** The system's code of a failed operation (`ENOENT`); undefined for anything else that was thrown. */
export function codeOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function fieldOf(error: unknown, name: 'message' | 'code'): unknown {
  return typeof error === 'object' && error !== null && name in error ? Reflect.get(error, name) : undefined;
}
