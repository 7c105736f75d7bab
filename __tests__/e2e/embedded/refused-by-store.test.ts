import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '../../../dev/ceph/ports.ts';
import type { StepResult } from '../../../dev/runner/index.ts';
import { Bucket } from '../bucket.ts';
import { leaks } from '../leaks.ts';
import { type BackupCall, type EmbeddedWorld, REGION, startEmbeddedWorld, withWorkspace } from '../world.ts';

const STRANGER = '999999999999';

let world: EmbeddedWorld;
let outOfReach: Promise<StepResult[]>;
beforeAll(async () => {
  world = await startEmbeddedWorld();
  world.server.admin.createBucket({ name: 'in-ireland', region: 'eu-west-1' });
  world.server.admin.createBucket({ name: 'of-a-stranger', owner: STRANGER });
  world.server.admin.createBucket({ name: 'plain' });
  outOfReach = unreachable();
  outOfReach.catch(() => undefined); // said where it is awaited
});
afterAll(() => world.close());

/** Says what the step is told in one annotation; the bucket is as it was. */
async function refusal(name: string, call: Partial<BackupCall>): Promise<StepResult & { sentence: string }> {
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'a.txt'), 'content\n');
    const bucket = new Bucket(name, { endpoint: world.endpoint, region: REGION, credentials: world.owner });
    const result = await world.backup(bucket, { workspace, ...call });
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: {},
      summary: expect.stringMatching(/^### Backup failed\n\n./),
    });
    const errors = result.annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(world.server.admin.listVersions(name)).toEqual([]);
    return { ...result, sentence: errors[0]?.message ?? '' };
  });
}

/** Both are tried again for some seconds: at once, and while other tests go on. */
async function unreachable(): Promise<StepResult[]> {
  const { accessKeyId, secretAccessKey } = world.owner;
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const [port] = await freePorts(1);
  const endpoints = [`http://127.0.0.1:${port}`, 'http://s3.test.invalid'];
  return Promise.all(
    endpoints.map((endpoint) =>
      refusal('plain', { inputs: { 'role-to-assume': '', 'sts-endpoint': '', endpoint, 'retry-for': '2s' }, env }),
    ),
  );
}

interface Situation {
  readonly name: string;
  readonly bucket: string;
  readonly call: () => Partial<BackupCall>;
  /** Input, value, rule and remedy in one sentence. */
  readonly sentence: RegExp;
  /** What else the log advises. */
  readonly advice?: RegExp;
}

const SITUATIONS: readonly Situation[] = [
  {
    name: 'a bucket in another region',
    bucket: 'in-ireland',
    call: () => ({}),
    sentence:
      /^aws-region is "us-east-1", but for the store at \S+ the bucket "in-ireland" is in "eu-west-1": set aws-region: eu-west-1\.$/,
  },
  {
    name: 'a region that neither the bucket nor the endpoint is in',
    bucket: 'plain',
    call: () => ({ inputs: { 'aws-region': 'ap-south-1' } }),
    sentence: /^aws-region is "ap-south-1", but .* the bucket "plain" is in "us-east-1": set aws-region: us-east-1\.$/,
  },
  {
    name: 'a bucket of another owner than expected',
    bucket: 'plain',
    call: () => ({ inputs: { 'expected-bucket-owner': STRANGER } }),
    sentence:
      /^expected-bucket-owner is "999999999999", and .* denied ListObjectsV2 .*: either the bucket belongs to another account, and the input is to be corrected, or /,
  },
  {
    name: 'a bucket of somebody else',
    bucket: 'of-a-stranger',
    call: () => ({}),
    sentence: /^The store at \S+ denied ListObjectsV2 of .* in bucket "of-a-stranger" \(needs s3:ListBucket\)/,
    advice: /Allow s3:ListBucket on arn:aws:s3:::of-a-stranger/,
  },
  {
    name: 'no credentials at all',
    bucket: 'plain',
    call: () => ({
      inputs: { 'role-to-assume': '', 'sts-endpoint': '' },
      env: { AWS_EC2_METADATA_DISABLED: 'true' },
    }),
    sentence:
      /^role-to-assume is not set, and no other AWS credentials were found \(.*\): set role-to-assume, or give credentials by /,
  },
];

describe('a backup that the store or AWS refuses', () => {
  it.each(SITUATIONS)('$name: one sentence says what to do, and nothing is changed', async (situation) => {
    const { sentence, ...result } = await refusal(situation.bucket, situation.call());
    expect(sentence).toMatch(situation.sentence);
    expect(result.log).toMatch(situation.advice ?? /./);
    expect(leaks(result, [world.owner.secretAccessKey])).toEqual([]);
  });

  it('an endpoint is out of reach: nothing listens there, or its host does not exist', async () => {
    const sentences = [
      /^The store at 127\.0\.0\.1:\d+ could not be reached for .*: nothing listens there \(tried \d+ times in \d s\)\.$/,
      /^The store at s3\.test\.invalid could not be reached for .*: its host name does not resolve( at the moment)?( \(tried \d+ times in \d s\))?\.$/,
    ];
    for (const [at, { annotations, log }] of (await outOfReach).entries()) {
      expect(annotations.at(0)?.message).toMatch(sentences[at] ?? /^$/);
      expect(log).toContain('Check endpoint and aws-region, the network, and https_proxy and no_proxy.');
    }
  });
});

describe('a bucket whose region is not given', () => {
  it('is found by one HeadBucket', async () => {
    await withWorkspace(async (workspace) => {
      await writeFile(join(workspace, 'a.txt'), 'content\n');
      const access = { endpoint: world.endpoint, region: 'eu-west-1', credentials: world.owner };
      const bucket = new Bucket('in-ireland', access);
      world.server.requests.clear();
      const result = await world.backup(bucket, { workspace, inputs: { 'aws-region': '' } });
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
      expect(result.log).toContain('The bucket in-ireland is in the region eu-west-1');
      expect(world.server.requests.counts()).toMatchObject({ HeadBucket: 1 });
      expect(await bucket.keys('backups/dist/versions/')).toEqual([result.outputs['record-key']]);
    });
  });
});
