import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { identityOf, refusal, s3Client, stsClient } from './support.ts';

const ROLE = 'arn:aws:iam::123456789012:role/backup';
const WHO = 'User: arn:aws:sts::123456789012:assumed-role/backup/run-1 is not authorized to perform:';
const Bucket = 'b';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server({
    buckets: [Bucket, { name: 'guarded' }],
    roles: {
      [ROLE]: {
        trustPolicy: { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } },
        permissionPolicy: {
          Statement: [
            {
              Effect: 'Allow',
              Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
              Resource: 'arn:aws:s3:::b/backups/*',
            },
            {
              Effect: 'Allow',
              Action: 's3:ListBucket',
              Resource: 'arn:aws:s3:::b',
              Condition: { StringLike: { 's3:prefix': 'backups/*' } },
            },
          ],
        },
      },
    },
  });
  for (const Key of ['backups/a', 'other/a'])
    await s3Client(server).send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
});
afterAll(() => server.close());

async function session(Policy?: object): Promise<S3Client> {
  const input = { RoleArn: ROLE, RoleSessionName: 'run-1', ...(Policy && { Policy: JSON.stringify(Policy) }) };
  const { Credentials } = await stsClient(server).send(new AssumeRoleCommand(input));
  return s3Client(server, { credentials: identityOf(Credentials) });
}

describe('a role’s permissions', () => {
  it('allow what they say and name what is missing', async () => {
    const s3 = await session();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'backups/b', Body: 'x' }));
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'other/b', Body: 'x' }))).rejects.toMatchObject({
      ...refusal('AccessDenied', 403),
      message: `${WHO} s3:PutObject on resource: "arn:aws:s3:::b/other/b" because no identity-based policy allows the s3:PutObject action`,
    });
  });

  it('must allow tagging and locks besides the object they come with', async () => {
    const s3 = await session();
    const Key = 'backups/c';
    await expect(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'a=b' }))).rejects.toThrow(
      /s3:PutObjectTagging/,
    );
    await expect(s3.send(new CreateMultipartUploadCommand({ Bucket, Key, Tagging: 'a=b' }))).rejects.toThrow(
      /s3:PutObjectTagging/,
    );
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ObjectLockLegalHoldStatus: 'ON' })),
    ).rejects.toThrow(/s3:PutObjectLegalHold/);
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: 'v' }))).rejects.toThrow(
      /s3:DeleteObjectVersion/,
    );
  });

  it('judge a listing by its prefix', async () => {
    const s3 = await session();
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'backups/' }));
    expect(Contents?.map(({ Key }) => Key)).toContain('backups/a');
    await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refusal('AccessDenied', 403));
  });

  it('do not tell that a key is missing without the right to list', async () => {
    const s3 = await session();
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'backups/none' }))).rejects.toThrow(
      `${WHO} s3:ListBucket on resource: "arn:aws:s3:::b" because`,
    );
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'backups/none' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('are judged key by key in DeleteObjects', async () => {
    const s3 = await session();
    const Objects = [{ Key: 'backups/b' }, { Key: 'other/a' }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['backups/b']);
    expect(Errors).toMatchObject([
      { Key: 'other/a', Code: 'AccessDenied', Message: expect.stringMatching(/s3:DeleteObject on/) },
    ]);
    expect(server.admin.listObjects(Bucket).map(({ key }) => key)).toEqual(['backups/a', 'other/a']);
  });
});

describe('a session’s policy', () => {
  it('narrows its role and never widens it', async () => {
    const s3 = await session({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' },
    });
    expect((await s3.send(new GetObjectCommand({ Bucket, Key: 'backups/a' }))).ContentLength).toBe(1);
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'backups/d', Body: 'x' }))).rejects.toThrow(
      /because no session policy allows the s3:PutObject action/,
    );
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'other/a' }))).rejects.toThrow(/no identity-based policy/);
  });
});

describe('a bucket’s policy', () => {
  it('can demand conditional writes of everybody', async () => {
    server.admin.putBucketPolicy('guarded', {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::guarded/*',
        Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      },
    });
    const s3 = s3Client(server);
    const input = { Bucket: 'guarded', Key: 'k', Body: 'x' };
    await expect(s3.send(new PutObjectCommand(input))).rejects.toThrow(/explicit deny in a resource-based policy/);
    await s3.send(new PutObjectCommand({ ...input, IfNoneMatch: '*' }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket: 'guarded', Key: 'parts' }));
  });
});
