import { badRequest, type S3Error } from '../errors.ts';

export const validationError = (message: string): S3Error => badRequest('ValidationError', message);

/** The wording of AWS's parameter checks. */
export const constraintError = (parameter: string, value: string, constraint: string): S3Error =>
  validationError(
    `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: ${constraint}`,
  );

export const invalidIdentityToken = (message: string): S3Error => badRequest('InvalidIdentityToken', message);
