import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { leaks } from '../leaks.ts';
import { type Relay, startRelay } from '../relay.ts';
import { type BackupCall, type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const ACCOUNT = '123456789012';
const SECOND = `arn:aws:iam::${ACCOUNT}:role/second`;
const EXTERNAL_ID = 'agreed-upon-elsewhere';

let world: EmbeddedWorld;
let relay: Relay;
let bucket: Bucket;
beforeEach(async () => {
  world = await startEmbeddedWorld();
  relay = await startRelay(world.endpoint);
  bucket = await world.createBucket();
});
afterEach(async () => {
  await relay.close();
  await world.close();
});

/** Backs up one file; nothing secret may be seen of it, whatever comes of it. */
function backup({ inputs, ...call }: Partial<BackupCall> = {}): Promise<StepResult> {
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'a.txt'), 'content\n');
    const viaRelay = { endpoint: relay.url, 'sts-endpoint': relay.url };
    const result = await world.backup(bucket, { workspace, debug: true, inputs: { ...viaRelay, ...inputs }, ...call });
    const given = relay.sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
    const token = world.issuer.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    expect(leaks(result, [...given, ...relay.idTokens, token])).toEqual([]);
    expect(result.exportedEnv).toEqual({});
    return result;
  });
}

/** @returns the one sentence of the error */
async function expectRefused(result: StepResult): Promise<string> {
  expect(result).toMatchObject({ exitCode: 1, outputs: {} });
  expect(await bucket.keys()).toEqual([]);
  const errors = result.annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).not.toMatch(/\n/);
  return errors[0]?.message ?? '';
}

const federated = () => `arn:aws:iam::${ACCOUNT}:oidc-provider/${world.issuer.hostPath}`;

/** Lets only one subject in, as a careful owner of the role would have it. */
function trustSubject(subject: string): Record<string, unknown> {
  const condition = {
    [`${world.issuer.hostPath}:aud`]: 'sts.amazonaws.com',
    [`${world.issuer.hostPath}:sub`]: subject,
  };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: federated() },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: condition },
      },
    ],
  };
}

/** The first JSON document in a log, as a reader would copy it. */
function pasted(log: string): Record<string, unknown> {
  const text = /^\{$[\s\S]*?^\}$/m.exec(log)?.[0];
  if (text === undefined) throw new Error(`there is nothing to paste in:\n${log}`);
  return JSON.parse(text);
}

describe('a role that does not trust the job', () => {
  it('is refused with what AWS saw, and a trust policy that makes the next run succeed', async () => {
    world.server.admin.addRole(world.roleArn, { trustPolicy: trustSubject('repo:octo-org/other:ref:refs/heads/main') });
    world.issuer.setWorkflow({ repository: 'octo-org/octo-repo', repositoryId: '77', ownerId: '88' });
    const result = await backup();

    const sentence = await expectRefused(result);
    expect(sentence).toMatch(/^role-to-assume is "arn:aws:iam::123456789012:role\/backup", and /);
    expect(sentence).toContain('sts:AssumeRoleWithWebIdentity');
    for (const seen of [
      `issuer: ${world.issuer.issuer}`,
      'aud: sts.amazonaws.com',
      'sub: repo:octo-org/octo-repo:ref:refs/heads/main',
      'sub, classic form: repo:octo-org/octo-repo:ref:refs/heads/main',
      'sub, immutable form: repo:octo-org@88/octo-repo@77:ref:refs/heads/main',
    ]) {
      expect(result.log).toContain(seen);
    }

    world.server.admin.addRole(world.roleArn, { trustPolicy: pasted(result.log) });
    expect(await backup()).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
    // The policy is for this job, and not for everyone.
    world.issuer.setWorkflow({ repository: 'octo-org/other' });
    expect((await backup()).exitCode).toBe(1);
  });

  it('is not there: the same sentence names it', async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/typo`;
    const sentence = await expectRefused(await backup({ inputs: { 'role-to-assume': role } }));
    expect(sentence).toContain(`role-to-assume is "${role}"`);
    expect(sentence).toContain('or the ARN if there is no such role');
  });

  it('is in an account that does not know the issuer: the provider to create is named', async () => {
    await world.close();
    world = await startEmbeddedWorld({ issuers: ['https://token.actions.githubusercontent.com'] });
    await relay.close();
    relay = await startRelay(world.endpoint);
    bucket = await world.createBucket();
    const result = await backup();
    expect(await expectRefused(result)).toMatch(/^role-to-assume is .* no OpenID Connect provider .*: create one\.$/);
    expect(result.log).toContain(`It needs the OpenID Connect provider ${world.issuer.issuer} in account ${ACCOUNT}`);
  });

  it('allows shorter sessions only', async () => {
    const inputs = { 'role-duration-seconds': '7200' };
    expect(await expectRefused(await backup({ inputs }))).toMatch(/^role-duration-seconds is 7200, .*: lower it, or /);
  });
});

describe('a job without id-token: write', () => {
  it('is told what to add to the workflow, and about forks', async () => {
    const result = await backup({ idToken: false });
    const sentence = await expectRefused(result);
    expect(sentence).toMatch(/^role-to-assume needs .*: give the job the permission id-token: write\.$/);
    expect(result.log).toContain('permissions:\n  id-token: write\n');
    expect(result.log).toMatch(/Pull requests from forks never get an ID token/);
    expect(relay.requests).toEqual([]);
  });
});

describe('a chain of roles', () => {
  beforeEach(() => {
    const { server, roleArn } = world;
    // The first role can do nothing in S3, the second trusts nobody else and wants to hear the external ID.
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: SECOND }];
    const permissionPolicy = { Version: '2012-10-17', Statement };
    server.admin.addRole(roleArn, {
      trustPolicy: trustSubject('repo:octo/demo:ref:refs/heads/main'),
      permissionPolicy,
    });
    const Condition = { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } };
    const trust = { Effect: 'Allow', Principal: { AWS: roleArn }, Action: 'sts:AssumeRole', Condition };
    server.admin.addRole(SECOND, { trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
  });

  it('ends in the session of the second role, which is narrowed to the series', async () => {
    const result = await backup({ inputs: { 'role-chain': SECOND, 'external-id': EXTERNAL_ID } });
    expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
    expect(relay.sessions).toHaveLength(2);
    const principals = world.server.requests.filter(({ bucket: name }) => name === bucket.name);
    expect(new Set(principals.map(({ principal }) => principal))).toEqual(
      new Set([`arn:aws:sts::${ACCOUNT}:assumed-role/second/octo-org-octo-repo-1658821493`]),
    );
  });

  it.each([
    { name: 'without the external ID', inputs: { 'role-chain': SECOND } },
    { name: 'with a wrong one', inputs: { 'role-chain': SECOND, 'external-id': 'guessed' } },
  ])('is refused $name, with a trust policy to paste', async ({ inputs }) => {
    const result = await backup({ inputs });
    expect(await expectRefused(result)).toContain(`role-chain is "${SECOND}"`);
    expect(result.log).toContain(`Allow sts:AssumeRole on ${SECOND} in the policy of ${world.roleArn}.`);
    expect(pasted(result.log)).toMatchObject({
      Statement: [{ Principal: { AWS: world.roleArn }, Action: 'sts:AssumeRole' }],
    });
    expect(result.log).not.toContain(EXTERNAL_ID);
  });
});
