import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PutBucketPolicyCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import { startCeph } from '../../dev/ceph/ceph.ts';
import {
  runAction,
  runPost,
  type StepHandle,
  type StepOptions,
  type StepResult,
  startAction,
} from '../../dev/runner/index.ts';
import { type Issuer, startIssuer } from '../../dev/s3-server/oidc/issuer.ts';
import type { ServerOptions } from '../../dev/s3-server/options.ts';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { Bucket } from './bucket.ts';

/** Every run is a process of its own, on machines that are busy; and Ceph may have to be installed first. */
const TEST_TIMEOUT_MS = 120_000;
jest.setTimeout(TEST_TIMEOUT_MS);

/** The action as users get it: the committed bundle. */
export const ACTION = resolve(import.meta.dirname, '../../action.yml');

/** Inputs for tests that want every version by itself: what is pruned goes whole, and equal files are stored again. */
export const FULL_ONLY = { incremental: 'off' } as const;

export const REGION = 'us-east-1';
export const ROLE_NAME = 'backup';
/** What the fake runner says it is; the trust policies name it. */
export const REPOSITORY = 'octo-org/octo-repo';

/** Which server the suite runs against: `S3_E2E=embedded` (default) or `ceph`. */
export const TARGET = process.env.S3_E2E === 'ceph' ? 'ceph' : 'embedded';

export interface BackupCall extends Partial<Omit<StepOptions, 'action' | 'inputs' | 'workspace'>> {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** False: a job without `id-token: write`. */
  readonly idToken?: boolean;
}

/** A server with STS, an OIDC issuer it trusts, a role and buckets: what a workflow of one repository would meet. */
export interface World {
  readonly endpoint: string;
  readonly issuer: Issuer;
  readonly roleArn: string;
  /** Keys that may do everything, for looking at what came of it. */
  readonly owner: { readonly accessKeyId: string; readonly secretAccessKey: string };
  createBucket(options?: { versioning?: boolean; objectLock?: boolean }): Promise<Bucket>;
  /** Runs the backup step by OIDC in `bucket`; inputs that are given win. */
  backup(bucket: Bucket, call: BackupCall): Promise<StepResult>;
  /** Runs one of the other actions, `list` or `restore` say, in the same way. */
  run(action: string, bucket: Bucket, call: BackupCall): Promise<StepResult>;
  /** The post phase of a backup step, with the state that its main phase has saved. */
  post(bucket: Bucket, call: BackupCall & { readonly state: StepResult['state'] }): Promise<StepResult>;
  /** As {@link backup}, without waiting for its end. */
  start(bucket: Bucket, call: BackupCall): Promise<StepHandle>;
  close(): Promise<void>;
}

/** The world on the embedded server, which can be looked into and told to misbehave. */
export interface EmbeddedWorld extends World {
  readonly server: S3Server;
}

export function startWorld(): Promise<World> {
  return TARGET === 'ceph' ? startCephWorld() : startEmbeddedWorld();
}

export async function startEmbeddedWorld(options: ServerOptions = {}): Promise<EmbeddedWorld> {
  // GitHub's clock is right; where a test moves the store's, the machine of the step is what is off.
  const issuer = await startIssuer(options.now ? { now: options.now } : {});
  const roleArn = `arn:aws:iam::123456789012:role/${ROLE_NAME}`;
  const server = await startS3Server({
    region: REGION,
    issuers: [issuer.url],
    roles: { [roleArn]: { trustPolicy: trustPolicy(issuer, '123456789012'), permissionPolicy: S3_POLICY } },
    ...options,
  });
  const base = {
    endpoint: server.url,
    issuer,
    roleArn,
    owner: server.credentials,
    createBucket: async (name: string, bucketOptions: object) => server.admin.createBucket({ name, ...bucketOptions }),
    close: () => server.close(),
  };
  return { ...makeWorld(base), server };
}

async function startCephWorld(): Promise<World> {
  const ceph = await startCeph({ minSessionSeconds: 1, region: REGION });
  const issuer = await startIssuer();
  await ceph.registerIssuer(issuer.url, issuer.thumbprint);
  const roleArn = await ceph.createRole(ROLE_NAME, trustPolicy(issuer, ''), S3_POLICY);
  const access = { endpoint: ceph.endpoint, region: REGION, credentials: ceph.credentials.owner };
  return makeWorld({
    endpoint: ceph.endpoint,
    issuer,
    roleArn,
    owner: ceph.credentials.owner,
    createBucket: async (name, options) => {
      await ceph.createBucket(name, options);
      await letOwnerLookInto(name, access);
    },
    close: () => ceph.stop(),
  });
}

/** In Ceph an object belongs to whoever put it, here the job's identity, and is closed to the owner of the bucket. */
async function letOwnerLookInto(bucket: string, access: S3ClientConfig): Promise<void> {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam:::user/owner'] },
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const client = new S3Client({ ...access, forcePathStyle: true });
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  client.destroy();
}

const S3_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};

/** Lets every job in that has a token of the issuer. @param account empty in Ceph */
export function trustPolicy(issuer: Issuer, account: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer.hostPath}` },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: { StringEquals: { [`${issuer.hostPath}:aud`]: 'sts.amazonaws.com' } },
      },
    ],
  };
}

interface Base extends Pick<World, 'endpoint' | 'issuer' | 'roleArn' | 'owner' | 'close'> {
  readonly createBucket: (name: string, options: { versioning?: boolean; objectLock?: boolean }) => Promise<void>;
}

function makeWorld(base: Base): World {
  let buckets = 0;
  const stepOptions = (
    action: string,
    bucket: Bucket,
    { inputs, idToken = true, ...call }: BackupCall,
  ): StepOptions => ({
    action,
    ...(idToken && {
      oidc: {
        url: base.issuer.env.ACTIONS_ID_TOKEN_REQUEST_URL,
        requestToken: base.issuer.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      },
    }),
    inputs: {
      'role-to-assume': base.roleArn,
      'sts-endpoint': base.endpoint,
      endpoint: base.endpoint,
      'aws-region': REGION,
      bucket: bucket.name,
      name: 'dist',
      ...inputs,
    },
    ...call,
  });
  const backupOptions = (bucket: Bucket, call: BackupCall) =>
    stepOptions(ACTION, bucket, { ...call, inputs: { path: '**', ...call.inputs } });
  return {
    ...base,
    async createBucket(options = {}) {
      const name = `e2e-${process.pid}-${++buckets}`;
      await base.createBucket(name, options);
      return new Bucket(name, { endpoint: base.endpoint, region: REGION, credentials: base.owner });
    },
    backup: (bucket, call) => runAction(backupOptions(bucket, call)),
    async post(bucket, { state, ...call }) {
      const result = await runPost(backupOptions(bucket, call), state);
      if (result === undefined) throw new Error('the backup action has no post phase');
      return result;
    },
    start: (bucket, call) => startAction(backupOptions(bucket, call)),
    run: (action, bucket, call) => runAction(stepOptions(join(dirname(ACTION), action, 'action.yml'), bucket, call)),
    async close() {
      await base.close();
      await base.issuer.close();
    },
  };
}

/** A fresh workspace that is removed after `work`. */
export async function withWorkspace<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'workspace-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
