import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Ceph, CephUnavailable, startCeph } from '../../../dev/ceph/ceph.ts';
import type { Credentials } from '../../../dev/ceph/iam.ts';
import { type Issuer, startIssuer } from '../../../dev/s3-server/oidc/issuer.ts';

const SCRIPT = join(import.meta.dirname, '../../../dev/ceph/ceph-rgw.sh');
/** Enough to download and install the packages on a busy machine. */
const TIMEOUT_MS = 300_000;

jest.setTimeout(TIMEOUT_MS);

/** A PATH on which neither Ceph nor a way to install it can be found. */
async function withBarePath<T>(use: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bare-path-'));
  const path = process.env.PATH;
  try {
    await symlink('/bin/bash', join(folder, 'bash'));
    process.env.PATH = folder;
    return await use();
  } finally {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  }
}

describe('startCeph', () => {
  it('throws CephUnavailable where Ceph cannot be had', async () => {
    await withBarePath(async () => {
      await expect(startCeph()).rejects.toThrow(CephUnavailable);
    });
  });
});

// Windows may have some bash or other, but none of them is asked to run Ceph.
if (process.platform !== 'win32') {
  describe('ceph-rgw.sh', scriptTests);
}

// Ceph is installed and booted for the runs that ask for it; the rest of the suite does without.
if (process.env.S3_E2E === 'ceph') {
  describe('a Ceph Object Gateway', gatewayTests);
}

function scriptTests(): void {
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const options = { env: { PATH: process.env.PATH, ...env } };
      const child = execFile('bash', args, options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      });
    });

  it('is well-formed', async () => {
    expect(await run(['-n', SCRIPT])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each([[[]], [['restart']]])('exits with 2 upon the arguments %j', async (args) => {
    const { code, stderr } = await run([SCRIPT, ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('usage:') });
  });

  it.each([
    { CEPH_RGW_PORT: '0' },
    { CEPH_RGW_STS_MIN: 'soon' },
    { CEPH_RGW_DIR: 'relative' },
    { CEPH_RGW_REGION: 'a|b' },
  ])('exits with 2 upon the setting %j and names it', async (setting) => {
    const [name = '', value = ''] = Object.entries(setting).flat();
    const { code, stderr } = await run([SCRIPT, 'env'], setting);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${name}=${value}`) });
  });

  it('exits with 3 when the packages cannot be had', async () => {
    const { code, stderr } = await withBarePath(() => run([SCRIPT, 'install']));
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('no apt-get') });
  });

  it('prints the environment without a gateway', async () => {
    const { stdout } = await run([SCRIPT, 'env'], { CEPH_RGW_PORT: '7481' });
    expect(stdout).toContain('export CEPH_RGW_ENDPOINT=http://127.0.0.1:7481\n');
  });

  it('has nothing to stop, and says so with 1, where none runs', async () => {
    const setting = { CEPH_RGW_DIR: join(tmpdir(), 'no-ceph-here') };
    expect(await run([SCRIPT, 'stop'], setting)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stdout } = await run([SCRIPT, 'status'], setting);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'mon down\nosd down\nrgw down\n' });
  });

  it('keeps its hands off a folder that it did not make', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'not-cephs-'));
    await writeFile(join(folder, 'mine'), '');
    await run([SCRIPT, 'stop'], { CEPH_RGW_DIR: folder });
    expect(await readdir(folder)).toEqual(['mine']);
    await rm(folder, { recursive: true });
  });
}

function gatewayTests(): void {
  let ceph: Ceph;
  let issuer: Issuer;

  beforeAll(async () => {
    ceph = await startCeph({ minSessionSeconds: 1 });
    issuer = await startIssuer();
  });

  afterAll(async () => {
    await issuer.close();
    await ceph.stop();
    await expect(access(dirname(ceph.logFile))).rejects.toThrow('ENOENT');
  });

  const s3As = (credentials: Credentials & { sessionToken?: string }) =>
    new S3Client({ endpoint: ceph.endpoint, region: ceph.region, credentials, forcePathStyle: true, maxAttempts: 1 });

  it('makes buckets of each kind', async () => {
    const s3 = s3As(ceph.credentials.owner);
    await ceph.createBucket('plain');
    await ceph.createBucket('versioned', { versioning: true });
    await ceph.createBucket('locked', { objectLock: true });
    const statusOf = async (Bucket: string) => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await Promise.all(['plain', 'versioned', 'locked'].map(statusOf))).toEqual([
      undefined,
      'Enabled',
      'Enabled',
    ]);
    const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'locked' }));
    expect(ObjectLockConfiguration?.ObjectLockEnabled).toBe('Enabled');
  });

  it('keeps storage classes, tags and encryption', async () => {
    const s3 = s3As(ceph.credentials.owner);
    await ceph.createBucket('classes');
    const object = { Bucket: 'classes', Key: 'a' };
    await s3.send(
      new PutObjectCommand({
        ...object,
        Body: 'x',
        StorageClass: 'GLACIER_IR',
        Tagging: 'commit=abc',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: 'testkey-1',
      }),
    );
    expect(await s3.send(new HeadObjectCommand(object))).toMatchObject({
      StorageClass: 'GLACIER_IR',
      ServerSideEncryption: 'aws:kms',
    });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand(object));
    expect(TagSet).toEqual([{ Key: 'commit', Value: 'abc' }]);
  });

  it('refuses the stranger', async () => {
    await ceph.createBucket('private');
    const put = new PutObjectCommand({ Bucket: 'private', Key: 'a', Body: 'x' });
    await expect(s3As(ceph.credentials.stranger).send(put)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('gives credentials of a few seconds for a token, within trust and permissions', async () => {
    await ceph.createBucket('backups');
    const provider = await ceph.registerIssuer(issuer.url, issuer.thumbprint);
    const role = await ceph.createRole('backup', trustOn(provider, issuer.hostPath), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::backups/ours/*'] }],
    });
    const sts = new STSClient({ endpoint: ceph.endpoint, region: ceph.region, maxAttempts: 1 });
    const assume = async (token: string) => {
      const request = { RoleArn: role, RoleSessionName: 'test', WebIdentityToken: token, DurationSeconds: 5 };
      const { Credentials: given } = await sts.send(new AssumeRoleWithWebIdentityCommand(request));
      return {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
      };
    };
    const s3 = s3As(await assume(issuer.token()));
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'backups', Key, Body: 'x' }));
    expect((await put('ours/a')).$metadata.httpStatusCode).toBe(200);
    await expect(put('theirs/a')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(issuer.token({ aud: 'elsewhere' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('says what IAM did not like', async () => {
    await ceph.createRole('twice', { Version: '2012-10-17' }, { Version: '2012-10-17', Statement: [] });
    await expect(ceph.createRole('twice', { Version: '2012-10-17' }, {})).rejects.toThrow(
      /^IAM CreateRole was answered with 409: .*EntityAlreadyExists/s,
    );
  });

  it('runs beside another one', async () => {
    const other = await startCeph({ region: 'eu-west-1' });
    try {
      expect(other.endpoint).not.toBe(ceph.endpoint);
      expect(other.region).toBe('eu-west-1');
      await other.createBucket('elsewhere');
      const put = new PutObjectCommand({ Bucket: 'elsewhere', Key: 'a', Body: 'x' });
      await expect(s3As(ceph.credentials.owner).send(put)).rejects.toMatchObject({ name: 'NoSuchBucket' });
    } finally {
      await other.stop();
    }
  });
}

function trustOn(provider: string, issuer: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: [provider] },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } },
      },
    ],
  };
}
