import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { startS3Server } from '../../../../dev/s3-server/server.ts';
import { refusal, s3Client } from './support.ts';

const HOUR_MS = 3_600_000;

describe('a store whose clock is an hour ahead', () => {
  it('refuses signatures by its own clock, and shows the client how to set it right', async () => {
    const now = new Date(Math.floor(Date.now() / 1000) * 1000 + HOUR_MS);
    const server = await startS3Server({ buckets: ['b'], now: () => now });
    try {
      const put = new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' });
      await expect(s3Client(server).send(put)).rejects.toMatchObject(refusal('RequestTimeTooSkewed', 403));
      await s3Client(server, { maxAttempts: 2 }).send(put);
      expect(server.requests.all.map(({ status }) => status)).toEqual([403, 403, 200]);
      expect(server.admin.listObjects('b')).toMatchObject([{ modified: now }]);
    } finally {
      await server.close();
    }
  });
});
