import { afterEach, describe, expect, it } from '@jest/globals';
import { startIssuer } from '../../dev/s3-server/oidc/issuer.ts';
import { startS3Server } from '../../dev/s3-server/server.ts';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { webIdentitySource } from '../../src/aws/assume-role.ts';
import { decodeClaims } from '../../src/aws/oidc.ts';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { chainTrustPolicyAdvice, trustPolicyAdvice } from '../../src/aws/trust-policy.ts';
import { InputError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { NETWORK } from './support/clients.ts';
import { CLAIMS } from './support/tokens.ts';

const role = parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup');

describe('trustPolicyAdvice', () => {
  it('lets this job in, by both forms of its subject', () => {
    expect(trustPolicyAdvice({ claims: CLAIMS, role, audience: 'sts.amazonaws.com' })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': [
                'repo:octo/demo:ref:refs/heads/main',
                'repo:octo@123456/demo@789012:ref:refs/heads/main',
              ],
            },
          },
        },
      ],
    });
  });

  it('takes issuer and partition as they are elsewhere', () => {
    const claims = { ...CLAIMS, iss: 'https://ghes.example.com/_services/token/' };
    const china = parseRoleArn('role-to-assume', 'arn:aws-cn:iam::111122223333:role/backup');
    const [statement] = trustPolicyAdvice({ claims, role: china, audience: 'x' }).Statement;
    expect(statement?.Principal).toEqual({
      Federated: 'arn:aws-cn:iam::111122223333:oidc-provider/ghes.example.com/_services/token',
    });
    expect(Object.keys(statement?.Condition?.StringEquals ?? {})).toEqual([
      'ghes.example.com/_services/token:aud',
      'ghes.example.com/_services/token:sub',
    ]);
  });
});

describe('trustPolicyAdvice at an STS that checks', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  it.each(['classic', 'immutable'] as const)('lets the job in that was refused (%s subjects)', async (subjectForm) => {
    const issuer = await startIssuer({ subjectForm });
    const server = await startS3Server({ issuers: [issuer.issuer] });
    closers.push(
      () => issuer.close(),
      () => server.close(),
    );
    const arn = parseRoleArn('role-to-assume', `arn:aws:iam::${server.account}:role/backup`);
    const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const foreign = { ...CLAIMS, iss: issuer.issuer, sub: 'repo:someone/else:ref:refs/heads/main' };
    const trust = (claims: typeof CLAIMS) => trustPolicyAdvice({ claims, role: arn, audience: 'sts.amazonaws.com' });
    server.admin.addRole(arn.arn, { trustPolicy: JSON.stringify(trust(foreign)), permissionPolicy: allowAll });
    const token = issuer.token();
    const assume = webIdentitySource({
      role: arn,
      sessionName: 'octo-demo-42',
      durationSeconds: 900,
      sts: { ...NETWORK, region: server.region, endpoint: new URL(server.url) },
      clock: new StoreClock(),
      log: silentLog,
      sleep: async () => {},
      audience: 'sts.amazonaws.com',
      getIdToken: async () => token,
    });
    const refused: unknown = await assume({ forced: false }).catch((error: unknown) => error);
    const hint = refused instanceof InputError ? (refused.details.hint ?? '') : '';
    expect(hint).toContain(`sub: ${decodeClaims(token)?.sub}`);
    const pasted = JSON.parse(hint.slice(hint.indexOf('{\n'), hint.lastIndexOf('\n}') + 2));
    server.admin.addRole(arn.arn, { trustPolicy: pasted, permissionPolicy: allowAll });
    expect(await assume({ forced: false })).toHaveProperty('sessionToken');
  });
});

describe('chainTrustPolicyAdvice', () => {
  it('trusts the first role, and does not tell the external id', () => {
    const [statement] = chainTrustPolicyAdvice({ from: role.arn, externalId: true }).Statement;
    expect(statement).toMatchObject({ Principal: { AWS: role.arn }, Action: 'sts:AssumeRole' });
    expect(statement?.Condition).toEqual({ StringEquals: { 'sts:ExternalId': 'THE_VALUE_OF_external-id' } });
  });

  it('has no condition without an external id', () => {
    expect(chainTrustPolicyAdvice({ externalId: false }).Statement[0]?.Condition).toBeUndefined();
  });
});
