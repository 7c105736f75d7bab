import { describe, expect, it } from '@jest/globals';
import { type Decision, refusalOf } from '../../../../dev/s3-server/policy/decide.ts';
import { parsePolicy } from '../../../../dev/s3-server/policy/document.ts';
import { rootPrincipal, type SessionPrincipal } from '../../../../dev/s3-server/policy/principal.ts';

const ACCOUNT = '123456789012';
const identity = (Effect: string, Action: string) =>
  parsePolicy({ Statement: { Effect, Action, Resource: '*' } }, 'identity');
const bucketPolicy = (Effect: string, principal: unknown) =>
  parsePolicy({ Statement: { Effect, Action: 's3:*', Resource: '*', Principal: principal } }, 'resource');

const session = (limits: Partial<SessionPrincipal>): SessionPrincipal => ({
  kind: 'session',
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/backup/run-1`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
  rolePolicies: undefined,
  sessionPolicy: undefined,
  ...limits,
});

const decision = (principal: Decision['principal'], rest: Partial<Decision> = {}): Decision => ({
  principal,
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::b/k',
  context: new Map(),
  resourcePolicy: undefined,
  resourceOwner: ACCOUNT,
  ...rest,
});
const WHO = `User: arn:aws:sts::${ACCOUNT}:assumed-role/backup/run-1 is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k"`;

describe('refusalOf', () => {
  it('has nothing against the root key, unless the bucket denies it', () => {
    expect(refusalOf(decision(rootPrincipal(ACCOUNT)))).toBeUndefined();
    expect(refusalOf(decision(rootPrincipal(ACCOUNT), { resourcePolicy: bucketPolicy('Deny', '*') }))).toMatch(
      /with an explicit deny in a resource-based policy$/,
    );
  });

  it('says in AWS’s words which policy is missing', () => {
    expect(refusalOf(decision(session({ rolePolicies: [identity('Allow', 's3:GetObject')] })))).toBe(
      `${WHO} because no identity-based policy allows the s3:PutObject action`,
    );
    expect(refusalOf(decision(session({ sessionPolicy: identity('Allow', 's3:GetObject') })))).toBe(
      `${WHO} because no session policy allows the s3:PutObject action`,
    );
  });

  it('says which policy denies', () => {
    expect(refusalOf(decision(session({ rolePolicies: [identity('Deny', '*')] })))).toBe(
      `${WHO} with an explicit deny in an identity-based policy`,
    );
    expect(refusalOf(decision(session({ sessionPolicy: identity('Deny', '*') })))).toBe(
      `${WHO} with an explicit deny in a session policy`,
    );
  });

  it('takes the bucket’s word for a role within one account, but not past its session’s policy', () => {
    const resourcePolicy = bucketPolicy('Allow', { AWS: `arn:aws:iam::${ACCOUNT}:role/backup` });
    const nothing = { rolePolicies: [] };
    expect(refusalOf(decision(session(nothing), { resourcePolicy }))).toBeUndefined();
    const narrowed = session({ ...nothing, sessionPolicy: identity('Allow', 's3:GetObject') });
    expect(refusalOf(decision(narrowed, { resourcePolicy }))).toMatch(/no session policy/);
  });

  it('wants both sides across accounts', () => {
    const foreign = { resourceOwner: '999999999999' };
    const resourcePolicy = bucketPolicy('Allow', { AWS: ACCOUNT });
    expect(refusalOf(decision(session({}), foreign))).toMatch(/no resource-based policy/);
    expect(refusalOf(decision(session({}), { ...foreign, resourcePolicy }))).toBeUndefined();
    expect(refusalOf(decision(session({ rolePolicies: [] }), { ...foreign, resourcePolicy }))).toMatch(
      /no identity-based policy/,
    );
  });
});
