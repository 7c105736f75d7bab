import { describe, expect, it } from '@jest/globals';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { assumeRoleAdvice, webIdentityAdvice } from '../../src/aws/assume-advice.ts';
import { trustPolicyAdvice } from '../../src/aws/trust-policy.ts';
import { CLAIMS } from './support/tokens.ts';

const role = parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup');
const audience = 'sts.amazonaws.com';

describe('webIdentityAdvice', () => {
  const advice = webIdentityAdvice({ role, audience, claims: CLAIMS });

  it.each([
    'issuer: https://token.actions.githubusercontent.com',
    'aud: sts.amazonaws.com',
    'sub: repo:octo/demo:ref:refs/heads/main',
    'sub, classic form: repo:octo/demo:ref:refs/heads/main',
    'sub, immutable form: repo:octo@123456/demo@789012:ref:refs/heads/main',
    'in account 111122223333',
  ])('shows %s', (line) => {
    expect(advice).toContain(line);
  });

  it('has a trust policy that can be pasted', () => {
    const json = advice.slice(advice.indexOf('{\n'), advice.lastIndexOf('\n}') + 2);
    expect(JSON.parse(json)).toEqual(trustPolicyAdvice({ claims: CLAIMS, role, audience }));
  });

  it('keeps a hostile claim on its line', () => {
    const sub = 'repo:octo/demo:ref:refs/heads/x\n::error::y\u001b[31m';
    const lines = webIdentityAdvice({ role, audience, claims: { ...CLAIMS, sub } }).split('\n');
    expect(lines.filter((line) => line.startsWith('::'))).toEqual([]);
    expect(lines).toContain('  sub: repo:octo/demo:ref:refs/heads/x?::error::y?[31m');
  });

  it('says so when the token could not be read', () => {
    expect(webIdentityAdvice({ role, audience })).toContain('could not be read');
  });
});

describe('assumeRoleAdvice', () => {
  it('names both sides', () => {
    const advice = assumeRoleAdvice({ role, from: 'arn:aws:iam::1:role/first', externalId: false });
    expect(advice).toContain(
      'Allow sts:AssumeRole on arn:aws:iam::111122223333:role/backup in the policy of arn:aws:iam::1:role/first',
    );
    expect(advice).toContain('"AWS": "arn:aws:iam::1:role/first"');
    expect(advice).not.toContain('external-id');
  });

  it('thinks of the external id', () => {
    expect(assumeRoleAdvice({ role, externalId: true })).toContain('Check that external-id');
  });
});
