import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

const Bucket = 'b';
const PARTS = [randomBytes(5 * 1024 * 1024), randomBytes(1000)];
const WHOLE = Buffer.concat(PARTS);

let folder: string;
let server: S3Server;
let s3: S3Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'multipart-test-'));
  server = await startS3Server({ buckets: [Bucket], dataDirectory: folder });
  s3 = s3Client(server);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function bodyFiles(): Promise<string[]> {
  const [own = ''] = await readdir(folder);
  return readdir(path.join(folder, own));
}

const base64 = (crc: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
};

async function upload(Key: string, create: Partial<CreateMultipartUploadCommandInput>) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...create }));
  const target = { Bucket, Key, UploadId };
  const Parts = [];
  for (const [at, Body] of PARTS.entries()) {
    const PartNumber = at + 1;
    const ChecksumAlgorithm = create.ChecksumAlgorithm ?? 'CRC32';
    const { $metadata, ...part } = await s3.send(
      new UploadPartCommand({ ...target, PartNumber, Body, ChecksumAlgorithm }),
    );
    Parts.push({ PartNumber, ...part });
  }
  return { target, Parts };
}

const complete = (
  { target, Parts }: Awaited<ReturnType<typeof upload>>,
  rest: Partial<CompleteMultipartUploadCommandInput> = {},
) => s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...rest }));

describe('an upload in parts', () => {
  it('becomes an object whose checksum is that of its bytes, made from the parts’', async () => {
    const started = await upload('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const ChecksumCRC32 = base64(crc32(WHOLE));
    await complete(started, { ChecksumType: 'FULL_OBJECT', ChecksumCRC32, MpuObjectSize: WHOLE.length });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'full', ChecksumMode: 'ENABLED' }));
    expect(got.ChecksumCRC32).toBe(ChecksumCRC32);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(WHOLE)).toBe(true);
    expect(server.admin.listObjects(Bucket, 'full')).toMatchObject([{ parts: PARTS.map(({ length }) => length) }]);
  });

  it('is refused with another checksum or size, and can then be completed rightly', async () => {
    const started = await upload('checked', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const ChecksumCRC32 = base64(crc32(PARTS[0] ?? ''));
    await expect(complete(started, { ChecksumCRC32 })).rejects.toMatchObject(refusal('BadDigest', 400));
    await expect(complete(started, { MpuObjectSize: 17 })).rejects.toMatchObject(refusal('InvalidRequest', 400));
    await complete(started);
    expect(server.admin.listObjects(Bucket, 'checked')).toHaveLength(1);
  });

  it('is refused when somebody else was first, and stays', async () => {
    const started = await upload('taken', {});
    await s3.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'first' }));
    await expect(complete(started, { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
    expect(String(await server.admin.getObject(Bucket, 'taken'))).toBe('first');
    expect(server.admin.listUploads(Bucket).map(({ key }) => key)).toContain('taken');
    await s3.send(new AbortMultipartUploadCommand(started.target));
  });

  it('is listed until it is aborted and leaves no bytes behind', async () => {
    const before = await bodyFiles();
    const { target } = await upload('aborted', { Tagging: 'a=b' });
    const listed = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'aborted' }));
    expect(listed.Uploads?.map(({ UploadId }) => UploadId)).toEqual([target.UploadId]);
    expect(await bodyFiles()).toHaveLength(before.length + 1);
    await s3.send(new AbortMultipartUploadCommand(target));
    await expect(s3.send(new UploadPartCommand({ ...target, PartNumber: 3, Body: 'x' }))).rejects.toMatchObject(
      refusal('NoSuchUpload', 404),
    );
    expect(server.admin.listUploads(Bucket)).toEqual([]);
  });

  it('keeps what was said at its start', async () => {
    await complete(await upload('described', { Tagging: 'a=b', ContentType: 'text/x', StorageClass: 'STANDARD_IA' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'described' }));
    expect(head).toMatchObject({ ContentType: 'text/x', StorageClass: 'STANDARD_IA' });
    expect(server.admin.listObjects(Bucket, 'described')).toMatchObject([{ tags: { a: 'b' } }]);
  });

  it('cannot have a full-object checksum of a digest', async () => {
    const input = { Bucket, Key: 'sha', ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' } as const;
    await expect(s3.send(new CreateMultipartUploadCommand(input))).rejects.toMatchObject(
      refusal('InvalidRequest', 400),
    );
  });
});
