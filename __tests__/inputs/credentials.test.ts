import { describe, expect, it } from '@jest/globals';
import { readCredentialInputs } from '../../src/inputs/credentials.ts';
import { readerOf } from '../github/support.ts';

describe('readCredentialInputs', () => {
  it.each([
    'arn:aws:iam::123456789012:role/backup',
    'arn:aws-us-gov:iam::123456789012:role/ci/nightly/backup',
    'arn:aws-iso-b:iam::123456789012:role/a+b=c,d.e@f_g-h',
  ])('takes the role %s', (role) => {
    expect(readCredentialInputs(readerOf({ 'role-to-assume': role })).roleToAssume).toBe(role);
  });

  it('takes a role without account only from an STS of its own', () => {
    const role = { 'role-to-assume': 'arn:aws:iam:::role/backup' };
    const other = { ...role, 'sts-endpoint': 'http://127.0.0.1:7480' };
    expect(readCredentialInputs(readerOf(other))).toMatchObject({
      roleToAssume: 'arn:aws:iam:::role/backup',
      stsEndpoint: 'http://127.0.0.1:7480',
    });
    expect(() => readCredentialInputs(readerOf(role))).toThrow('`role-to-assume`');
  });

  it('takes a chain that starts at the default credentials', () => {
    const roleChain = 'arn:aws:iam::210987654321:role/vault';
    const inputs = readCredentialInputs(readerOf({ 'role-chain': roleChain, 'external-id': 'a:b/c' }));
    expect(inputs).toMatchObject({ roleChain, externalId: 'a:b/c' });
    expect(inputs).not.toHaveProperty('roleToAssume');
  });
});
