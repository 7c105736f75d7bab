import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { identityOf } from './integration/support.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../dev/s3-server/main.ts');

const description = z.object({
  url: z.string(),
  region: z.string(),
  roleArn: z.string(),
  env: z.object({ ACTIONS_ID_TOKEN_REQUEST_URL: z.string(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string() }),
});

describe('main', () => {
  it('says in one line how to reach it, serves what a workflow does, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [MAIN, '--bucket', 'b', '--role', 'backup', '--admin'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = await once(createInterface(child.stdout), 'line');
      const { url: endpoint, region, roleArn, env } = description.parse(JSON.parse(line));
      const tokenAnswer = await fetch(`${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`, {
        headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
      });
      const { value } = z.object({ value: z.string() }).parse(await tokenAnswer.json());
      const sts = new STSClient({
        region,
        endpoint,
        credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
      });
      const { Credentials } = await sts.send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn: roleArn, RoleSessionName: 'run-1', WebIdentityToken: value }),
      );
      const s3 = new S3Client({ region, endpoint, forcePathStyle: true, credentials: identityOf(Credentials) });
      await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x', Tagging: 'a=b' }));
      const objects = await (await fetch(`${endpoint}/_admin/buckets/b/objects`)).json();
      expect(objects).toMatchObject([{ key: 'k', size: 1, tags: { a: 'b' } }]);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
