import { DeleteObjectsCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import type { Personality } from '../../../../dev/s3-server/personality.ts';
import { type S3Server, startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

const Bucket = 'b';
const WRONG_CRC32 = 'AAAAAA==';

async function withPersonality(
  personality: Partial<Personality>,
  test: (server: S3Server) => Promise<void>,
): Promise<void> {
  const server = await startS3Server({ buckets: [Bucket], personality });
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

describe('a store without a feature', () => {
  it('overwrites where it ignores conditions', () =>
    withPersonality({ conditionalWrites: 'ignored' }, async (server) => {
      const s3 = s3Client(server);
      for (const Body of ['one', 'two'])
        await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body, IfNoneMatch: '*' }));
      expect(String(await server.admin.getObject(Bucket, 'k'))).toBe('two');
    }));

  it('neither checks nor keeps checksums where it ignores them', () =>
    withPersonality({ checksums: 'ignored' }, async (server) => {
      const s3 = s3Client(server);
      await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32: WRONG_CRC32 }));
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
      expect([head.ChecksumCRC32, head.ChecksumCRC64NVME, head.ChecksumType]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(server.admin.listObjects(Bucket)).toMatchObject([{ checksum: undefined }]);
    }));

  it('refuses tags as R2 and as B2 do', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=b' });
    await withPersonality({ tagging: 'notImplemented' }, async (server) => {
      await expect(s3Client(server).send(put)).rejects.toMatchObject(refusal('NotImplemented', 501));
    });
    await withPersonality({ tagging: 'invalidArgument' }, async (server) => {
      await expect(s3Client(server).send(put)).rejects.toMatchObject(refusal('InvalidArgument', 400));
    });
  });

  it('wants the MD5 of a bulk delete', () =>
    withPersonality({ bulkDelete: 'missingContentMd5' }, async (server) => {
      const remove = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }] } });
      await expect(s3Client(server).send(remove)).rejects.toMatchObject(refusal('MissingContentMD5', 400));
    }));

  it('is S3 again when nothing is taken away', () =>
    withPersonality({}, async (server) => {
      const put = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32: WRONG_CRC32 });
      await expect(s3Client(server).send(put)).rejects.toMatchObject(refusal('BadDigest', 400));
    }));
});
