import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

const BIG = randomBytes(3 * 1024 * 1024);

let server: S3Server;
let s3: S3Client;

beforeAll(async () => {
  server = await startS3Server({
    buckets: ['plain', { name: 'versioned', versioning: true }],
    personality: { maxKeysPerPage: 3 },
  });
  s3 = s3Client(server);
});
afterAll(() => server.close());

describe('objects', () => {
  it('come back as they went in, from memory and from a file, whole and in ranges', async () => {
    for (const [Key, Body] of [
      ['small', BIG.subarray(0, 1000)],
      ['big', BIG],
    ] as const) {
      const { ETag } = await s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body, Metadata: { a: '1' } }));
      expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
      const got = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key }));
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
      const range = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key, Range: 'bytes=10-19' }));
      expect(Buffer.from((await range.Body?.transformToByteArray()) ?? [])).toEqual(Body.subarray(10, 20));
    }
    expect(server.admin.listObjects('plain', 'big')).toMatchObject([
      { key: 'big', size: BIG.length, metadata: { a: '1' } },
    ]);
  });

  it('take a stream with its checksum in the trailer', async () => {
    const Body = Readable.from([BIG.subarray(0, 100_000), BIG.subarray(100_000, 200_000)]);
    await s3.send(
      new PutObjectCommand({
        Bucket: 'plain',
        Key: 'stream',
        Body,
        ContentLength: 200_000,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    const { ChecksumSHA256 } = await s3.send(
      new HeadObjectCommand({ Bucket: 'plain', Key: 'stream', ChecksumMode: 'ENABLED' }),
    );
    expect(ChecksumSHA256).toBe(createHash('sha256').update(BIG.subarray(0, 200_000)).digest('base64'));
  });

  it('have the default checksum when nothing was announced, computed when somebody asks', async () => {
    const quiet = s3Client(server, { requestChecksumCalculation: 'WHEN_REQUIRED' });
    const put = await quiet.send(new PutObjectCommand({ Bucket: 'plain', Key: 'quiet', Body: '123456789' }));
    expect(put.ChecksumCRC64NVME).toBeUndefined();
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'quiet', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  });

  it('have an ETag under KMS that says nothing about their bytes', async () => {
    const put = await s3.send(
      new PutObjectCommand({ Bucket: 'plain', Key: 'kms', Body: 'x', ServerSideEncryption: 'aws:kms' }),
    );
    expect(put.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(put.ETag).not.toBe(`"${createHash('md5').update('x').digest('hex')}"`);
  });

  it('are created once when many try with If-None-Match at once', async () => {
    const writes = Array.from({ length: 10 }, (_, at) =>
      s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'claim', Body: `writer ${at}`, IfNoneMatch: '*' })),
    );
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject(refusal('PreconditionFailed', 412));
    }
  });
});

describe('listings', () => {
  it('keep to the page size of the personality', async () => {
    const keys = ['l/a', 'l/b', 'l/c', 'l/d'];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: 'x' }));
    const first = await s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'l/' }));
    expect(first.IsTruncated).toBe(true);
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['l/a', 'l/b', 'l/c']);
    const ContinuationToken = first.NextContinuationToken;
    const second = await s3.send(new ListObjectsV2Command({ Bucket: 'plain', Prefix: 'l/', ContinuationToken }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['l/d']);
    expect(second.IsTruncated).toBe(false);
  });
});

describe('versions', () => {
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: 'versioned', Key, Body }));

  it('are listed newest first, also across pages that end within a key', async () => {
    const ids = [];
    for (const body of ['1', '2', '3', '4']) ids.unshift((await put('k', body)).VersionId);
    const first = await s3.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }));
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    const second = await s3.send(new ListObjectVersionsCommand({ Bucket: 'versioned', KeyMarker, VersionIdMarker }));
    const listed = [...(first.Versions ?? []), ...(second.Versions ?? [])];
    expect(listed.map(({ VersionId }) => VersionId)).toEqual(ids);
    expect(listed.map(({ IsLatest }) => IsLatest)).toEqual([true, false, false, false]);
  });

  it('survive a delete without an id and go with one', async () => {
    const { VersionId } = await put('gone', 'x');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'gone' }));
    expect(marker.DeleteMarker).toBe(true);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'versioned', Key: 'gone' }))).rejects.toMatchObject(
      refusal('NoSuchKey', 404),
    );
    const Objects = [VersionId, marker.VersionId].map((id) => ({ Key: 'gone', ...(id && { VersionId: id }) }));
    await s3.send(new DeleteObjectsCommand({ Bucket: 'versioned', Delete: { Objects } }));
    expect(server.admin.listVersions('versioned', 'gone')).toEqual([]);
  });
});
