import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Issuer, startIssuer } from '../../../../dev/s3-server/oidc/issuer.ts';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { identityOf, refusal, s3Client, stsClient } from './support.ts';

const ACCOUNT = '123456789012';
const OTHER_ACCOUNT = '210987654321';
const BACKUP = `arn:aws:iam::${ACCOUNT}:role/backup`;
const ARCHIVE = `arn:aws:iam::${OTHER_ACCOUNT}:role/archive`;

let issuer: Issuer;
let server: S3Server;
let now: Date;

beforeAll(async () => {
  now = new Date();
  issuer = await startIssuer();
  server = await startS3Server({
    buckets: ['b', { name: 'archive', owner: OTHER_ACCOUNT }],
    issuers: [{ url: issuer.issuer, audiences: ['sts.amazonaws.com'] }],
    now: () => now,
    roles: {
      [BACKUP]: {
        maxSessionSeconds: 7200,
        trustPolicy: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.hostPath}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                [`${issuer.hostPath}:aud`]: 'sts.amazonaws.com',
                [`${issuer.hostPath}:repository`]: 'octo/demo',
              },
              'ForAnyValue:StringLike': { [`${issuer.hostPath}:sub`]: ['repo:octo/demo:*', 'repo:octo@*/demo@*:*'] },
            },
          },
        },
        permissionPolicy: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 's3:*', Resource: '*' },
            { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ARCHIVE },
          ],
        },
      },
      [ARCHIVE]: {
        trustPolicy: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'secret-handshake' } },
          },
        },
      },
    },
  });
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

const assume = (token: string, rest: Partial<AssumeRoleCommandInput> = {}) =>
  stsClient(server).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: BACKUP,
      RoleSessionName: 'run-1',
      WebIdentityToken: token,
      ...rest,
    }),
  );

const put = async (credentials: Parameters<typeof identityOf>[0], Bucket = 'b') =>
  s3Client(server, { credentials: identityOf(credentials) }).send(
    new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }),
  );

describe('AssumeRoleWithWebIdentity', () => {
  it('gives keys that work on S3 and say who they are', async () => {
    const answer = await assume(issuer.token(), { DurationSeconds: 900 });
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:octo/demo:ref:refs/heads/main',
      Audience: 'sts.amazonaws.com',
      Provider: issuer.issuer,
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/backup/run-1` },
    });
    expect(answer.Credentials?.Expiration?.getTime()).toBe(now.getTime() + 900_000);
    await put(answer.Credentials);
    expect(server.requests.all.at(-1)).toMatchObject({
      operation: 'PutObject',
      principal: answer.AssumedRoleUser?.Arn,
    });
    const caller = await stsClient(server, identityOf(answer.Credentials)).send(new GetCallerIdentityCommand({}));
    expect(caller).toMatchObject({ Account: ACCOUNT, Arn: answer.AssumedRoleUser?.Arn });
  });

  it.each([
    ['another repository', { repository: 'octo/other', sub: 'repo:octo/other:ref:refs/heads/main' }],
    ['another subject', { sub: 'repo:octo/demo2:ref:refs/heads/main' }],
    ['no repository claim', { repository: undefined }],
  ])('refuses %s in AWS’s words', async (_, claims) => {
    await expect(assume(issuer.token(claims))).rejects.toMatchObject({
      ...refusal('AccessDenied', 403),
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    });
  });

  it('accepts the immutable form of the subject', async () => {
    const answer = await assume(issuer.token({ sub: 'repo:octo@2/demo@1:ref:refs/heads/main' }));
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  it('refuses a role that is not there like one that does not trust', async () => {
    await expect(assume(issuer.token(), { RoleArn: `${BACKUP}-2` })).rejects.toMatchObject(
      refusal('AccessDenied', 403),
    );
  });

  it('has AWS’s codes for what else can be wrong', async () => {
    await expect(assume('garbage')).rejects.toMatchObject(refusal('InvalidIdentityTokenException', 400));
    await expect(assume(issuer.token({ aud: 'other' }))).rejects.toMatchObject(
      refusal('InvalidIdentityTokenException', 400),
    );
    await expect(assume(issuer.token({ exp: 1 }))).rejects.toMatchObject(refusal('ExpiredTokenException', 400));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [], Padding: 'x'.repeat(2048) });
    await expect(assume(issuer.token(), { Policy })).rejects.toMatchObject(
      refusal('PackedPolicyTooLargeException', 400),
    );
    await expect(assume(issuer.token(), { Policy: '{}' })).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 400),
    );
    await expect(assume(issuer.token(), { DurationSeconds: 7201 })).rejects.toMatchObject(
      refusal('ValidationError', 400),
    );
  });

  it('gives keys that expire by the server’s clock, as on S3', async () => {
    const { Credentials } = await assume(issuer.token(), { DurationSeconds: 900 });
    now = new Date(now.getTime() + 900_000);
    const client = s3Client(server, { credentials: identityOf(Credentials), systemClockOffset: 900_000 });
    await expect(client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }))).rejects.toMatchObject(
      refusal('ExpiredToken', 400),
    );
    now = new Date();
  });
});

describe('AssumeRole', () => {
  const chain = async (rest: Partial<AssumeRoleCommandInput>, Policy?: string) => {
    const { Credentials } = await assume(issuer.token(), Policy === undefined ? {} : { Policy });
    const command = new AssumeRoleCommand({ RoleArn: ARCHIVE, RoleSessionName: 'run-1', ...rest });
    return stsClient(server, identityOf(Credentials)).send(command);
  };

  it('chains into another account with its external id, where only that account’s buckets are open', async () => {
    const { Credentials } = await chain({ ExternalId: 'secret-handshake' });
    await put(Credentials, 'archive');
    await expect(put(Credentials, 'b')).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it('refuses without the external id or with another one', async () => {
    const message = `User: arn:aws:sts::${ACCOUNT}:assumed-role/backup/run-1 is not authorized to perform: sts:AssumeRole on resource: ${ARCHIVE}`;
    await expect(chain({})).rejects.toMatchObject({ ...refusal('AccessDenied', 403), message });
    await expect(chain({ ExternalId: 'guess' })).rejects.toMatchObject({ ...refusal('AccessDenied', 403), message });
  });

  it('is refused to a session whose policy does not allow it', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    });
    await expect(chain({ ExternalId: 'secret-handshake' }, Policy)).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it('keeps chained sessions to an hour', async () => {
    await expect(chain({ ExternalId: 'secret-handshake', DurationSeconds: 3601 })).rejects.toMatchObject(
      refusal('ValidationError', 400),
    );
  });
});
