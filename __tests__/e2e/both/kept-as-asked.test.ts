import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadObjectCommand, type HeadObjectOutput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { startWorld, TARGET, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function backup(bucket: Bucket, inputs: Record<string, string>): Promise<StepResult> {
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'small.txt'), 'content\n');
    await writeFile(join(workspace, 'page.html'), '<p>\n');
    await writeFile(join(workspace, 'large.bin'), randomBytes(6 * MIB));
    return world.backup(bucket, { workspace, inputs: { 'part-size': '5MiB', ...inputs } });
  });
}

/** Every object of a bucket as HeadObject shows it, by its key. */
async function heads(bucket: Bucket): Promise<[string, HeadObjectOutput][]> {
  const head = async (key: string): Promise<[string, HeadObjectOutput]> => [
    key,
    await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key })),
  ];
  return Promise.all((await bucket.keys()).map(head));
}

const isFile = (key: string) => key.includes('/files/');

describe('the way objects are kept', () => {
  it('storage-class is for the files; what has to be read at once stays in the default class', async () => {
    const bucket = await world.createBucket();
    const result = await backup(bucket, { 'storage-class': 'STANDARD_IA' });
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    const classes = (await heads(bucket)).map(([key, { StorageClass }]) => [key, StorageClass ?? 'STANDARD']);
    expect(classes).toHaveLength(6);
    for (const [key = '', storageClass] of classes) {
      expect([key, storageClass]).toEqual([key, isFile(key) ? 'STANDARD_IA' : 'STANDARD']);
    }
  });

  it('sse and its key are for every object', async () => {
    const bucket = await world.createBucket();
    const result = await backup(bucket, { sse: 'aws:kms', 'sse-kms-key-id': 'testkey-1' });
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    const found = await heads(bucket);
    expect(found).toHaveLength(6);
    for (const [key, { ServerSideEncryption, SSEKMSKeyId }] of found) {
      expect({ key, ServerSideEncryption, SSEKMSKeyId }).toEqual({
        key,
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: expect.stringMatching(/testkey-1$/),
      });
    }
  });

  it('without them nothing is asked of the bucket, and the type of a file goes by its name', async () => {
    const bucket = await world.createBucket();
    expect(await backup(bucket, {})).toMatchObject({ exitCode: 0, annotations: [] });
    const found = await heads(bucket);
    expect(found.map(([, { StorageClass }]) => StorageClass ?? 'STANDARD')).toEqual(found.map(() => 'STANDARD'));
    expect(found.filter(([, head]) => head.ServerSideEncryption === 'aws:kms')).toEqual([]);
    const types = found
      .filter(([key]) => isFile(key))
      .map(([key, { ContentType }]) => [key.split('/').at(-1), ContentType]);
    expect(Object.fromEntries(types)).toEqual({
      'large.bin': 'application/octet-stream',
      'page.html': 'text/html',
      'small.txt': 'text/plain',
    });
  });

  it('a storage class that the store does not have is refused with its name, and no version is there', async () => {
    const bucket = await world.createBucket();
    const result = await backup(bucket, { 'storage-class': 'STANDARD_OF_TOMORROW' });
    expect(result).toMatchObject({ exitCode: 1, outputs: {} });
    expect(result.annotations.map(({ level }) => level)).toEqual(['error']);
    expect(await bucket.keys('backups/dist/versions/')).toEqual([]);
    expect(await bucket.uploads()).toEqual([]);
    // Ceph says no more than InvalidArgument.
    if (TARGET === 'embedded') {
      expect(result.annotations[0]?.message).toMatch(
        /^storage-class is "STANDARD_OF_TOMORROW", which .* does not have/,
      );
    }
  });
});
