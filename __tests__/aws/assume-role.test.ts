import { describe, expect, it } from '@jest/globals';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { type AssumeOptions, chainedSource, type GetIdToken, webIdentitySource } from '../../src/aws/assume-role.ts';
import { StoreClock } from '../../src/aws/store-clock.ts';
import { BackupError, InputError } from '../../src/errors.ts';
import { KEYS, NETWORK } from './support/clients.ts';
import { type Reply, serve } from './support/http-server.ts';
import { recordingLog } from './support/log.ts';
import { stsError, stsGrant, stsParameters } from './support/sts.ts';
import { CLAIMS, idToken } from './support/tokens.ts';

const role = parseRoleArn('role-to-assume', 'arn:aws:iam::111122223333:role/backup');
const EXPIRATION = new Date('2030-01-01T01:00:00Z');
const GRANT = stsGrant('AssumeRoleWithWebIdentity', { keyId: 'ASIA1', expiration: EXPIRATION });

async function setUp(
  reply: (number: number) => Reply,
  options: Partial<AssumeOptions> & { getIdToken?: GetIdToken } = {},
) {
  const server = await serve((_request, number) => reply(number));
  const log = recordingLog();
  let tokens = 0;
  const source = webIdentitySource({
    role,
    sessionName: 'octo-demo-42',
    durationSeconds: 1800,
    sts: { ...NETWORK, region: 'eu-west-1', endpoint: server.url },
    clock: new StoreClock(() => 0),
    log,
    sleep: async () => {},
    audience: 'sts.amazonaws.com',
    getIdToken: async () => idToken({ ...CLAIMS, jti: ++tokens }),
    ...options,
  });
  return { server, log, assume: () => source({ forced: false }) };
}

describe('webIdentitySource', () => {
  it('asks STS with the token, the session and the policy, unsigned', async () => {
    const { server, assume } = await setUp(() => GRANT, { policy: '{"Version":"2012-10-17"}' });
    expect(await assume()).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 'token-ASIA1', expiration: EXPIRATION });
    const [request] = server.seen;
    expect(request && stsParameters(request)).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: role.arn,
      RoleSessionName: 'octo-demo-42',
      DurationSeconds: '1800',
      Policy: '{"Version":"2012-10-17"}',
      WebIdentityToken: idToken({ ...CLAIMS, jti: 1 }),
    });
    expect(request?.headers.authorization).toBeUndefined();
  });

  it('sends no policy where there is none', async () => {
    const { server, assume } = await setUp(() => GRANT);
    await assume();
    expect(server.seen[0] && stsParameters(server.seen[0])).not.toHaveProperty('Policy');
  });

  it('takes a fresh token for each session', async () => {
    const { server, assume } = await setUp(() => GRANT);
    await assume();
    await assume();
    const tokens = server.seen.map((request) => stsParameters(request).WebIdentityToken);
    expect(new Set(tokens).size).toBe(2);
  });

  it('tells the clock the time of STS', async () => {
    const clock = new StoreClock(() => 0);
    const date = new Date('2030-01-01T00:00:00Z');
    const grant = stsGrant('AssumeRoleWithWebIdentity', { keyId: 'ASIA1', expiration: EXPIRATION, date });
    const { assume } = await setUp(() => grant, { clock });
    await assume();
    expect(clock.now()).toEqual(date);
  });

  it.each([
    ['InvalidIdentityToken', "Couldn't retrieve verification key from your identity provider"],
    ['ExpiredTokenException', 'Token expired: current date/time must be before the expiration date/time'],
  ])('gets past a passing %s with a fresh token', async (code, message) => {
    const { server, assume } = await setUp((number) => (number === 1 ? stsError(400, code, message) : GRANT));
    expect(await assume()).toMatchObject({ accessKeyId: 'ASIA1' });
    const tokens = server.seen.map((request) => stsParameters(request).WebIdentityToken);
    expect(new Set(tokens).size).toBe(2);
  });

  it('gets past an issuer that fails now and then', async () => {
    let calls = 0;
    const getIdToken = async () => {
      if (++calls < 3) throw new Error('socket hang up');
      return idToken();
    };
    const { assume } = await setUp(() => GRANT, { getIdToken });
    expect(await assume()).toMatchObject({ accessKeyId: 'ASIA1' });
  });

  it('gives up on an issuer that stays down, as trouble and not as bad input', async () => {
    const getIdToken = async () => {
      throw new Error('socket hang up');
    };
    const { server, assume } = await setUp(() => GRANT, { getIdToken });
    await expect(assume()).rejects.toMatchObject({
      class: 'transient',
      message: expect.stringContaining('socket hang up'),
    });
    expect(server.seen).toHaveLength(0);
  });

  it('stops after three refusals, and shows what AWS saw', async () => {
    const refusal = stsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    const { server, assume, log } = await setUp(() => refusal);
    const error: unknown = await assume().catch((reason: unknown) => reason);
    expect(server.seen).toHaveLength(3);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ input: 'role-to-assume', details: { code: 'AccessDenied', httpStatus: 403 } });
    const hint = error instanceof BackupError ? error.details.hint : '';
    expect(hint).toContain('sub, immutable form: repo:octo@123456/demo@789012:ref:refs/heads/main');
    const token = idToken({ ...CLAIMS, jti: 3 });
    expect(JSON.stringify([error, String(error), hint, log.lines])).not.toContain(token.split('.')[2]);
  });

  it.each([
    [
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'role-duration-seconds',
    ],
    [400, 'PackedPolicyTooLarge', 'Packed policy consumes 110% of allotted space', 'session-policy'],
    [400, 'InvalidIdentityToken', 'Incorrect token audience', 'audience'],
    [400, 'InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://x', 'role-to-assume'],
    [403, 'RegionDisabledException', 'STS is not activated in this region', 'sts-endpoint'],
  ])('says which input is to blame: %i %s %s', async (status, code, message, input) => {
    const { assume } = await setUp(() => stsError(status, code, message));
    await expect(assume()).rejects.toMatchObject({ input });
  });

  it.each([
    [
      'a job without the permission',
      new Error('Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable'),
    ],
    [
      'an error that is explained already',
      new InputError('role-to-assume', 'give the job the permission id-token: write'),
    ],
  ])('does not insist with %s', async (_what, failure) => {
    let calls = 0;
    const getIdToken = async () => {
      calls++;
      throw failure;
    };
    const { assume } = await setUp(() => GRANT, { getIdToken });
    await expect(assume()).rejects.toMatchObject({
      input: 'role-to-assume',
      message: expect.stringContaining('id-token: write'),
    });
    expect(calls).toBe(1);
  });
});

describe('chainedSource', () => {
  const second = parseRoleArn('role-chain', 'arn:aws:iam::444455556666:role/vault');

  async function setUpChain(reply: Reply, durationSeconds: number) {
    const server = await serve(() => reply);
    const log = recordingLog();
    const source = chainedSource({
      role: second,
      sessionName: 'octo-demo-42',
      durationSeconds,
      policy: '{}',
      sts: { ...NETWORK, region: 'eu-west-1', endpoint: server.url },
      clock: new StoreClock(() => 0),
      log,
      sleep: async () => {},
      externalId: 'ext-1',
      from: role,
      credentials: KEYS,
    });
    return { server, log, assume: () => source({ forced: false }) };
  }

  it('assumes the second role, signed by the first session', async () => {
    const { server, assume } = await setUpChain(
      stsGrant('AssumeRole', { keyId: 'ASIA2', expiration: EXPIRATION }),
      900,
    );
    expect(await assume()).toMatchObject({ accessKeyId: 'ASIA2' });
    const [request] = server.seen;
    expect(request && stsParameters(request)).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: second.arn,
      ExternalId: 'ext-1',
      DurationSeconds: '900',
      Policy: '{}',
    });
    expect(request?.headers.authorization).toContain('Credential=AKIDTEST/');
    expect(request?.headers.authorization).toContain('/eu-west-1/sts/');
  });

  it('asks for one hour at most, and says so', async () => {
    const grant = stsGrant('AssumeRole', { keyId: 'ASIA2', expiration: EXPIRATION });
    const { server, assume, log } = await setUpChain(grant, 7200);
    await assume();
    expect(server.seen[0] && stsParameters(server.seen[0])).toMatchObject({ DurationSeconds: '3600' });
    expect(log.lines.join()).toContain('one hour at most');
  });

  it('says what the two roles have to allow, and not the external id', async () => {
    const { assume } = await setUpChain(
      stsError(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole'),
      900,
    );
    const error: unknown = await assume().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ input: 'role-chain', details: { operation: 'AssumeRole' } });
    const hint = error instanceof BackupError ? (error.details.hint ?? '') : '';
    expect(hint).toContain(`Allow sts:AssumeRole on ${second.arn} in the policy of ${role.arn}`);
    expect(hint).toContain('external-id');
    expect(hint).not.toContain('ext-1');
  });
});
