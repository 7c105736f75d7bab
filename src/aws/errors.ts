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
 * - A HEAD reply has no body: a 400 to it is taken as expired credentials, which one refresh then proves or not.
 *
 * The cause is stripped to its name and message: what the SDK attaches may hold a session token.
 */
export function toBackupError(error: unknown, request: StoreRequest): BackupError {
  if (error instanceof BackupError) return error;
  const { message: _words, bucketRegion: _region, ...facts } = factsOf(error);
  const { message, hint, input } = explain(factsOf(error), request);
  const details: Omit<ErrorDetails, 'class'> = {
    ...facts,
    operation: request.operation,
    ...(request.key !== undefined && { key: request.key }),
    ...(hint !== undefined && { hint }),
    cause: slimCause(error),
  };
  if (input !== undefined) return new InputError(input, message, details);
  return new BackupError(message, { ...details, class: errorClass(error, facts) });
}

function errorClass(error: unknown, facts: Pick<ErrorFacts, 'code' | 'httpStatus'>): ErrorClass {
  // The SDK has corrected its clock by this very reply: the next try is signed with the right time.
  if (isSkewCorrected(error)) return 'transient';
  const unexplainedBadRequest = facts.code === undefined && facts.httpStatus === 400;
  return unexplainedBadRequest ? 'expired' : classOf(facts);
}
