import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bucket } from '../bucket.ts';
import { leaks } from '../leaks.ts';
import { type BackupCall, REGION, startWorld, type World, withWorkspace } from '../world.ts';

const WRONG_SECRET = 'this-is-not-the-secret';

let world: World;
let bucket: Bucket;
beforeAll(async () => {
  world = await startWorld();
  bucket = await world.createBucket();
});
afterAll(() => world.close());

interface Situation {
  readonly name: string;
  readonly bucket: () => Bucket;
  readonly call: () => Partial<BackupCall>;
  readonly sentence: RegExp;
  /** In the log. */
  readonly advice: RegExp;
}

const withKeys = (accessKeyId: string) => ({
  inputs: { 'role-to-assume': '', 'sts-endpoint': '' },
  env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: WRONG_SECRET },
});

const SITUATIONS: readonly Situation[] = [
  {
    name: 'a bucket that does not exist',
    bucket: () => new Bucket('nowhere', { endpoint: world.endpoint, region: REGION, credentials: world.owner }),
    call: () => ({}),
    sentence: /^bucket is "nowhere", but the store at \S+ has no such bucket: check the name, or create it first\.$/,
    advice: /code: NoSuchBucket/,
  },
  {
    name: 'a wrong secret',
    bucket: () => bucket,
    call: () => withKeys(world.owner.accessKeyId),
    sentence: /^The store at \S+ refused the signature of ListObjectsV2 /,
    advice: /Check the secret access key/,
  },
  {
    name: 'an access key that nobody knows',
    bucket: () => bucket,
    call: () => withKeys('AKIANOBODY0000000000'),
    sentence: /^The store at \S+ does not know the access key that signed ListObjectsV2 /,
    advice: /Check that the credentials belong to this store/,
  },
];

describe('a backup that the store refuses', () => {
  it.each(SITUATIONS)('$name: one sentence says what to do, and nothing is changed', async (situation) => {
    await withWorkspace(async (workspace) => {
      await writeFile(join(workspace, 'a.txt'), 'content\n');
      const result = await world.backup(situation.bucket(), { workspace, ...situation.call() });
      expect(result).toMatchObject({
        exitCode: 1,
        outputs: {},
        summary: expect.stringMatching(/^### Backup failed\n\n./),
      });
      expect(result.annotations).toEqual([
        expect.objectContaining({ level: 'error', message: expect.stringMatching(situation.sentence) }),
      ]);
      expect(result.log).toMatch(situation.advice);
      expect(leaks(result, [WRONG_SECRET, world.owner.secretAccessKey])).toEqual([]);
      expect(await bucket.keys()).toEqual([]);
    });
  });
});
