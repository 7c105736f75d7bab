import { describe, expect, it } from '@jest/globals';
import { parseRoleArn } from '../../src/aws/arn.ts';
import type { AssumeAttempt } from '../../src/aws/assume-error.ts';
import { explainAssume } from '../../src/aws/assume-explanations.ts';
import { CLAIMS } from './support/tokens.ts';

const ATTEMPT: AssumeAttempt = {
  role: parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup'),
  input: 'role-to-assume',
  durationSeconds: 43_200,
  stsHost: 'sts.eu-west-1.amazonaws.com',
  token: { audience: 'my-audience', claims: CLAIMS },
};

describe('explainAssume', () => {
  it.each([
    [
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'role-duration-seconds is 43200',
      'lower it',
    ],
    ['PackedPolicyTooLarge', 'Packed size 130%', 'session-policy is auto', 'session-policy: none'],
    ['MalformedPolicyDocument', 'Syntax errors in policy.', 'session-policy is auto', 'session-policy: none'],
    ['RegionDisabled', '', 'not activated at sts.eu-west-1.amazonaws.com', 'sts-endpoint: https://sts.amazonaws.com'],
    ['InvalidIdentityToken', 'Incorrect token audience', 'audience is "my-audience"', 'add it there'],
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://x',
      'role-to-assume is',
      'create one',
    ],
    ['AccessDenied', '', 'role-to-assume is', 'trust policy'],
  ])('%s (%s) names the value and the remedy', (code, message, value, remedy) => {
    const explanation = explainAssume({ code, message }, ATTEMPT, false);
    expect(explanation.message).toContain(value);
    expect(explanation.message).toContain(remedy);
    expect(explanation.message).toMatch(/^[^\n]*\.$/);
  });

  it('speaks of both roles in a chain', () => {
    const { token: _token, ...rest } = ATTEMPT;
    const chain = { from: 'arn:aws:iam::1:role/first', externalId: true };
    const explanation = explainAssume(
      { code: 'AccessDenied', message: '' },
      { ...rest, input: 'role-chain', chain },
      false,
    );
    expect(explanation).toMatchObject({
      input: 'role-chain',
      hint: expect.stringContaining('arn:aws:iam::1:role/first'),
    });
    expect(explanation.message).toContain('allow sts:AssumeRole');
  });

  it('says at least something when STS said nothing', () => {
    expect(explainAssume({ message: '' }, ATTEMPT, true).message).toContain('no reason was given');
  });
});
