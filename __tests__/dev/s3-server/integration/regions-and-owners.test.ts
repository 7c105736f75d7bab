import {
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

let server: S3Server;
let s3: S3Client;

beforeAll(async () => {
  server = await startS3Server({
    region: 'eu-west-1',
    buckets: ['near', { name: 'far', region: 'ap-south-1' }, { name: 'foreign', owner: '999999999999' }],
  });
  s3 = s3Client(server);
});
afterAll(() => server.close());

const headersOf = async (client: S3Client, Bucket: string) => {
  const error = await client.send(new HeadBucketCommand({ Bucket })).then(
    () => undefined,
    (reason: { $response: { statusCode: number; headers: Record<string, string> } }) => reason,
  );
  return [error?.$response.statusCode, error?.$response.headers['x-amz-bucket-region']];
};

describe('a bucket’s region', () => {
  it('is told by HeadBucket', async () => {
    expect(await s3.send(new HeadBucketCommand({ Bucket: 'near' }))).toMatchObject({ BucketRegion: 'eu-west-1' });
  });

  it('is told with every refusal, too', async () => {
    expect(await headersOf(s3, 'far')).toEqual([301, 'ap-south-1']);
    expect(await headersOf(s3Client(server, { region: 'us-east-1' }), 'near')).toEqual([400, 'eu-west-1']);
    expect(await headersOf(s3, 'foreign')).toEqual([403, 'eu-west-1']);
  });

  it('is the one to sign for', async () => {
    const list = new ListObjectsV2Command({ Bucket: 'far' });
    expect((await s3Client(server, { region: 'ap-south-1' }).send(list)).KeyCount).toBe(0);
    await expect(s3.send(list)).rejects.toMatchObject(refusal('PermanentRedirect', 301));
    await expect(s3Client(server, { region: 'us-east-1' }).send(list)).rejects.toMatchObject({
      ...refusal('AuthorizationHeaderMalformed', 400),
      Region: 'ap-south-1',
    });
  });
});

describe('a bucket’s owner', () => {
  it('is compared with the expected one', async () => {
    const list = { Bucket: 'near', ExpectedBucketOwner: '999999999999' };
    await expect(s3.send(new ListObjectsV2Command(list))).rejects.toMatchObject(refusal('AccessDenied', 403));
    const own = { ...list, ExpectedBucketOwner: server.account };
    expect((await s3.send(new ListObjectsV2Command(own))).KeyCount).toBe(0);
  });

  it('keeps others out until its policy lets them in', async () => {
    const get = new GetObjectCommand({ Bucket: 'foreign', Key: 'k' });
    await expect(s3.send(get)).rejects.toMatchObject(refusal('AccessDenied', 403));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['near', 'far']);
    server.admin.putBucketPolicy('foreign', {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: server.account },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: '*',
      },
    });
    await expect(s3.send(get)).rejects.toMatchObject(refusal('NoSuchKey', 404));
  });
});
