import { describe, expect, it } from '@jest/globals';
import { rootPrincipal } from '../../../../dev/s3-server/policy/principal.ts';
import { RoleRegistry } from '../../../../dev/s3-server/sts/roles.ts';
import { checkDuration, parseSessionRequest } from '../../../../dev/s3-server/sts/session.ts';

const ARN = 'arn:aws:iam::123456789012:role/backup';
const form = (fields: Readonly<Record<string, string>>) =>
  new URLSearchParams({ RoleArn: ARN, RoleSessionName: 'run-1', ...fields });
const POLICY = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';

describe('parseSessionRequest', () => {
  it('asks for an hour when nothing is said', () => {
    expect(parseSessionRequest(form({}))).toMatchObject({
      roleArn: ARN,
      sessionName: 'run-1',
      durationSeconds: 3600,
      policy: undefined,
    });
  });

  it('parses the session policy', () => {
    const { policy, packedPolicyPercent } = parseSessionRequest(form({ Policy: POLICY }));
    expect(policy?.statements).toHaveLength(1);
    expect(packedPolicyPercent).toBe(5);
  });

  it.each([
    ['a short role ARN', { RoleArn: 'role' }, 'ValidationError', /roleArn/],
    ['a session name of one character', { RoleSessionName: 'x' }, 'ValidationError', /roleSessionName/],
    ['a session name with a slash', { RoleSessionName: 'a/b' }, 'ValidationError', /regular expression pattern/],
    ['a long session name', { RoleSessionName: 'x'.repeat(65) }, 'ValidationError', /less than or equal to 64/],
    ['ten minutes', { DurationSeconds: '600' }, 'ValidationError', /greater than or equal to 900/],
    ['a day', { DurationSeconds: '86400' }, 'ValidationError', /less than or equal to 43200/],
    ['a long policy', { Policy: POLICY.padEnd(2049) }, 'PackedPolicyTooLarge', /101%/],
    ['a policy that is none', { Policy: '{' }, 'MalformedPolicyDocument', /Syntax/],
    ['managed policies', { 'PolicyArns.member.1.arn': 'arn' }, 'ValidationError', /PolicyArns/],
  ])('refuses %s', (_, fields, code, message) => {
    expect(() => parseSessionRequest(form(fields))).toThrow(
      expect.objectContaining({ code, status: 400, message: expect.stringMatching(message) }),
    );
  });
});

describe('checkDuration', () => {
  const roles = new RoleRegistry();
  roles.add(ARN, { maxSessionSeconds: 7200 });
  const role = roles.find(ARN);
  if (role === undefined) throw new Error('the role is there');
  const check = (seconds: string, chained: boolean) => () =>
    checkDuration(
      parseSessionRequest(form({ DurationSeconds: seconds })),
      role,
      chained
        ? { kind: 'session', account: '1', arn: 'a', roleArn: 'r', rolePolicies: undefined, sessionPolicy: undefined }
        : rootPrincipal('1'),
    );

  it('keeps to the role’s maximum', () => {
    expect(check('7200', false)).not.toThrow();
    expect(check('7201', false)).toThrow(/MaxSessionDuration/);
  });

  it('keeps to an hour when a session assumes a role', () => {
    expect(check('3600', true)).not.toThrow();
    expect(check('3601', true)).toThrow(/1 hour session limit/);
  });
});
