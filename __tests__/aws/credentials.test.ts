import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { type CredentialOptions, createCredentials } from '../../src/aws/credentials.ts';
import { InputError } from '../../src/errors.ts';
import { NETWORK, testClient } from './support/clients.ts';
import { serve } from './support/http-server.ts';
import { recordingLog } from './support/log.ts';
import { stsGrant, stsParameters } from './support/sts.ts';
import { idToken } from './support/tokens.ts';

const FIRST = parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup');
const SECOND = parseRoleArn('role-chain', 'arn:aws:iam::444455556666:role/vault');
const SESSION_MS = 3_600_000;

/** An STS whose clock the test sets; sessions live for an hour of it. S3 requests are answered with 200. */
async function setUp(options: Partial<CredentialOptions> = {}, serverStart = Date.now()) {
  const time = { ms: 0 };
  const date = () => new Date(serverStart + time.ms);
  const server = await serve((request, number) => {
    const { Action } = stsParameters(request);
    if (Action !== 'AssumeRole' && Action !== 'AssumeRoleWithWebIdentity') return { status: 200 };
    const expiration = new Date(date().getTime() + SESSION_MS);
    return stsGrant(Action, { keyId: `ASIA${number}`, expiration, date: date() });
  });
  let tokens = 0;
  const credentials = createCredentials({
    role: { arn: FIRST, audience: 'sts.amazonaws.com', getIdToken: async () => idToken({ sub: String(++tokens) }) },
    sessionName: 'octo-demo-42',
    durationSeconds: 3600,
    sessionPolicy: '{"only":"the last"}',
    sts: { ...NETWORK, region: 'eu-west-1', endpoint: server.url },
    log: recordingLog(),
    onSecret: () => {},
    sleep: async () => {},
    monotonic: () => time.ms,
    ...options,
  });
  const calls = () => server.seen.map(stsParameters).filter(({ Action }) => Action !== undefined);
  return { server, credentials, time, calls };
}

describe('with role-to-assume', () => {
  it('makes one session for many requests, and a fresh token for the next session', async () => {
    const { server, credentials, time, calls } = await setUp();
    const client = testClient(server.url, { credentials: credentials.provide });
    const put = () => client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
    await Promise.all([put(), put(), put()]);
    expect(calls()).toHaveLength(1);
    time.ms = SESSION_MS - 1;
    await put();
    expect(calls()).toHaveLength(2);
    const [first, second] = calls();
    expect(first?.WebIdentityToken).not.toBe(second?.WebIdentityToken);
    const signedBy = server.seen.map(({ headers }) => /Credential=(\w+)/.exec(String(headers.authorization))?.[1]);
    expect(signedBy.at(-1)).toBe('ASIA5');
  });

  it.each([-3 * 86_400_000, 3 * 86_400_000])(
    "goes by the clock of STS where this machine's is %i ms off",
    async (offset) => {
      const { credentials, time, calls } = await setUp({}, Date.now() + offset);
      await credentials.provide();
      time.ms = SESSION_MS - 600_000;
      await credentials.provide();
      expect(calls()).toHaveLength(1);
      time.ms = SESSION_MS;
      await credentials.provide();
      expect(calls()).toHaveLength(2);
    },
  );

  it('scopes the session down', async () => {
    const { credentials, calls } = await setUp();
    await credentials.provide();
    expect(calls()[0]).toMatchObject({ RoleArn: FIRST.arn, Policy: '{"only":"the last"}' });
  });
});

describe('with role-chain', () => {
  it('scopes down the last session only, and renews both as they end', async () => {
    const { credentials, time, calls } = await setUp({ chain: { arn: SECOND, externalId: 'ext' } });
    expect((await credentials.provide()).accessKeyId).toBe('ASIA2');
    const [first, second] = calls();
    expect(first).toMatchObject({ Action: 'AssumeRoleWithWebIdentity', RoleArn: FIRST.arn });
    expect(first).not.toHaveProperty('Policy');
    expect(second).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: SECOND.arn,
      ExternalId: 'ext',
      Policy: '{"only":"the last"}',
    });
    time.ms = SESSION_MS;
    expect((await credentials.provide()).accessKeyId).toBe('ASIA4');
    expect(calls().map(({ Action }) => Action)).toEqual([
      'AssumeRoleWithWebIdentity',
      'AssumeRole',
      'AssumeRoleWithWebIdentity',
      'AssumeRole',
    ]);
  });
});

describe('the secrets of sessions', () => {
  it('are told for every session, the first of a chain included', async () => {
    const secrets: string[] = [];
    const { credentials } = await setUp({ chain: { arn: SECOND }, onSecret: (value) => void secrets.push(value) });
    await credentials.provide();
    expect(secrets).toEqual(['secret', 'token-ASIA1', 'secret', 'token-ASIA2']);
  });
});

describe('without role-to-assume', () => {
  let home: string;
  let saved: NodeJS.ProcessEnv;

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'credentials-test-'));
    saved = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    process.env.AWS_CONFIG_FILE = path.join(home, 'config');
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(home, 'credentials');
  });

  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, saved);
    await rm(home, { recursive: true });
  });

  const setUpDefault = async () => {
    const { role: _role, ...options } = { ...defaults(), log: recordingLog() };
    return createCredentials(options);
  };

  function defaults(): CredentialOptions {
    return {
      sessionName: 'octo-demo-42',
      durationSeconds: 3600,
      sts: { ...NETWORK, region: 'eu-west-1' },
      log: recordingLog(),
      onSecret: () => {},
    };
  }

  it('takes the environment', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' });
    const credentials = await setUpDefault();
    expect(await credentials.provide()).toMatchObject({ accessKeyId: 'AKIDENV', sessionToken: 't' });
  });

  it('takes the profile of AWS_PROFILE from the shared files', async () => {
    await writeFile(
      path.join(home, 'credentials'),
      '[other]\naws_access_key_id = AKIDFILE\naws_secret_access_key = s\n',
    );
    process.env.AWS_PROFILE = 'other';
    expect(await (await setUpDefault()).provide()).toMatchObject({ accessKeyId: 'AKIDFILE' });
  });

  it('says what to do when there is nothing', async () => {
    const provide = (await setUpDefault()).provide();
    await expect(provide).rejects.toBeInstanceOf(InputError);
    await expect(provide).rejects.toMatchObject({
      input: 'role-to-assume',
      message: expect.stringContaining('set role-to-assume'),
    });
  });

  it('does not show the command line of a credential_process', async () => {
    await writeFile(path.join(home, 'config'), '[profile other]\ncredential_process = node --hunter2\n');
    process.env.AWS_PROFILE = 'other';
    const provide = (await setUpDefault()).provide();
    const error: unknown = await provide.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(inspect(error, { depth: null })).not.toContain('hunter2');
  });

  it('has them for a second role', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's' });
    const { server, calls } = await setUp();
    const credentials = createCredentials({
      ...defaults(),
      chain: { arn: SECOND },
      sts: { ...NETWORK, region: 'eu-west-1', endpoint: server.url },
    });
    expect(await credentials.provide()).toMatchObject({ accessKeyId: 'ASIA1' });
    expect(calls()).toMatchObject([{ Action: 'AssumeRole', RoleArn: SECOND.arn }]);
    expect(server.seen[0]?.headers.authorization).toContain('Credential=AKIDENV/');
  });
});
