import { BackupError, type ErrorClass, type ErrorDetails, InputError } from '../errors.ts';
import { classOf } from './error-class.ts';
import { type ErrorFacts, factsOf, isSkewCorrected, slimCause } from './error-facts.ts';
import { explain } from './explanations.ts';
import type { StoreRequest } from './store-request.ts';

/**
 * The one place that decides what a store's answer means: to code by its class, to people by its sentence.
 *
 * - Errors that are already ours (thrown by the credentials within a request, say) pass unchanged.
 * - What an input is to blame for becomes an {@link InputError}.
 * - A HEAD reply has no body: a 400 to it is taken as expired credentials, which one refresh then proves or not, and a 503
 *   as `SlowDown`.
 *
 * The cause is stripped to its name and message: what the SDK attaches may hold a session token.
 */
export function toBackupError(error: unknown, request: StoreRequest): BackupError {
  if (error instanceof BackupError) return error;
  const facts = factsOf(error);
  const { message, hint, input } = explain(facts, request);
  const { message: _words, bucketRegion: _region, ...fields } = facts;
  const details: Omit<ErrorDetails, 'class'> = {
    ...fields,
    operation: request.operation,
    ...(request.key !== undefined && { key: request.key }),
    ...(hint !== undefined && { hint }),
    cause: slimCause(error),
  };
  if (input !== undefined) return new InputError(input, message, details);
  return new BackupError(message, { ...details, class: errorClass(error, facts, request) });
}

function errorClass(error: unknown, facts: ErrorFacts, { operation }: StoreRequest): ErrorClass {
  // The SDK has corrected its clock by this very reply: the next try is signed with the right time.
  if (isSkewCorrected(error)) return 'transient';
  const { code, httpStatus } = facts;
  if (code === undefined && httpStatus === 400) return 'expired';
  if (code === undefined && httpStatus === 503 && operation.startsWith('Head')) return 'throttled';
  return classOf(facts);
}
