import { describe, expect, it } from '@jest/globals';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { type AssumeAttempt, assumeError, assumeFailureKind } from '../../src/aws/assume-error.ts';
import { BackupError, InputError } from '../../src/errors.ts';
import { CLAIMS } from './support/tokens.ts';

const ATTEMPT: AssumeAttempt = {
  role: parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup'),
  input: 'role-to-assume',
  durationSeconds: 3600,
  stsHost: 'sts.eu-west-1.amazonaws.com',
  token: { audience: 'sts.amazonaws.com', claims: CLAIMS },
};

/** As the SDK throws it. */
const stsFailure = (name: string, status: number, message = '') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, requestId: 'REQ' } });

describe('assumeFailureKind', () => {
  it.each([
    ['AccessDenied', 403, '', 'denied'],
    ['Unknown', 403, 'UnknownError', 'denied'],
    ['Unknown', 400, 'UnknownError', 'permanent'],
    ['IDPCommunicationErrorException', 400, '', 'transient'],
    ['InvalidIdentityTokenException', 400, "Couldn't retrieve verification key", 'transient'],
    ['InvalidIdentityTokenException', 400, 'Incorrect token audience', 'permanent'],
    ['InvalidIdentityTokenException', 400, 'No OpenIDConnect provider found in your account', 'permanent'],
    ['ExpiredTokenException', 400, '', 'transient'],
    ['IDPRejectedClaimException', 403, '', 'denied'],
    ['ThrottlingException', 400, '', 'transient'],
    ['InternalFailure', 500, '', 'transient'],
    ['MalformedPolicyDocumentException', 400, '', 'permanent'],
  ])('%s %i %s: %s', (name, status, message, kind) => {
    expect(assumeFailureKind(stsFailure(name, status, message))).toBe(kind);
  });

  it('goes by the class of errors that are ours', () => {
    expect(assumeFailureKind(new BackupError('x', { class: 'transient' }))).toBe('transient');
    expect(assumeFailureKind(new InputError('role-to-assume', 'x'))).toBe('permanent');
  });
});

describe('assumeError', () => {
  it('is one sentence about the input, with the facts beside it', () => {
    const error = assumeError(stsFailure('AccessDenied', 403, 'Not authorized.'), ATTEMPT);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe(
      'role-to-assume is "arn:aws:iam::111122223333:role/backup", and AWS STS does not let this job assume it: ' +
        "correct the role's trust policy, or the ARN if there is no such role (AccessDenied: Not authorized).",
    );
    expect(error.details).toMatchObject({
      operation: 'AssumeRoleWithWebIdentity',
      code: 'AccessDenied',
      httpStatus: 403,
      requestId: 'REQ',
    });
  });

  it('explains a refusal without a code, as other stores give it', () => {
    const error = assumeError(stsFailure('Unknown', 403, 'UnknownError'), ATTEMPT);
    expect(error.message).toContain('(HTTP 403)');
    expect(error.details.hint).toContain('What AWS saw');
  });

  it('does not speak of trust where another store refused the request itself', () => {
    const error = assumeError(stsFailure('Unknown', 400, 'UnknownError'), ATTEMPT);
    expect(error.message).toContain('role-duration-seconds (3600), or set session-policy: none');
    expect(error.details.hint).toBeUndefined();
  });

  it('does not blame an input for trouble', () => {
    const error = assumeError(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), ATTEMPT);
    expect(error).not.toBeInstanceOf(InputError);
    expect(error).toMatchObject({ class: 'transient', message: expect.stringContaining(ATTEMPT.stsHost) });
  });

  it('passes on what is explained already', () => {
    const own = new InputError('role-to-assume', 'x');
    expect(assumeError(own, ATTEMPT)).toBe(own);
  });
});
