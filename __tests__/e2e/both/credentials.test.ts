import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { leaks } from '../leaks.ts';
import { type Relay, type Session, startRelay } from '../relay.ts';
import { expectRestorable, recordKeys } from '../stored.ts';
import { FULL_ONLY, REGION, startWorld, TARGET, type World, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const NO_ROLE = { 'role-to-assume': '', 'sts-endpoint': '' };

let world: World;
let relay: Relay;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  relay = await startRelay(world.endpoint);
});
afterEach(() => relay.close());

/** Inputs that lead through the relay, where the test sees what STS gives out. */
const viaRelay = () => ({ endpoint: relay.url, 'sts-endpoint': relay.url });

async function fill(workspace: string): Promise<void> {
  await writeFile(join(workspace, 'small.txt'), 'content\n');
  await writeFile(join(workspace, 'large.bin'), randomBytes(6 * MIB));
}

/** Everything secret that this world has, and this relay has seen. */
function secrets(): string[] {
  const given = relay.sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
  const token = world.issuer.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  return [...given, ...relay.idTokens, token, world.owner.secretAccessKey];
}

function expectPrivate(result: StepResult): void {
  expect(leaks(result, secrets())).toEqual([]);
  expect(result).toMatchObject({ exportedEnv: {}, addedPath: [], state: {} });
}

function clientOf(credentials: Session): S3Client {
  return new S3Client({ endpoint: world.endpoint, region: REGION, forcePathStyle: true, credentials });
}

/** What a holder of the step's own session can do outside of its series. */
async function reachOf(session: Session, bucket: Bucket): Promise<Record<string, string>> {
  const client = clientOf(session);
  const target = { Bucket: bucket.name };
  const attempts = {
    putInSeries: new PutObjectCommand({ ...target, Key: 'backups/dist/data/x', Body: 'x' }),
    listSeries: new ListObjectsV2Command({ ...target, Prefix: 'backups/dist/versions/' }),
    putElsewhere: new PutObjectCommand({ ...target, Key: 'backups/other/x', Body: 'x' }),
    putInNamesake: new PutObjectCommand({ ...target, Key: 'backups/dist-2/x', Body: 'x' }),
    getElsewhere: new GetObjectCommand({ ...target, Key: 'private.txt' }),
    listAll: new ListObjectsV2Command(target),
  };
  const outcome = async (command: (typeof attempts)[keyof typeof attempts]): Promise<string> => {
    try {
      await client.send(command as PutObjectCommand);
      return 'done';
    } catch (error) {
      return error instanceof Error ? error.name : 'failed';
    }
  };
  const entries = Object.entries(attempts).map(async ([name, command]) => [name, await outcome(command)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Ceph 16 ignores conditions where a bucket is versioned, and denies every key of a batch to a session with a policy. */
function whatCephLacks(policy: string): string[] {
  if (TARGET !== 'ceph') return [];
  return ['Store without conditional writes', ...(policy === 'auto' ? ['Store without batch delete'] : [])];
}

describe('a session by OIDC', () => {
  it.each([
    { policy: 'auto', elsewhere: 'AccessDenied' },
    { policy: 'none', elsewhere: 'done' },
  ])('with session-policy: $policy is enough for every feature; outside of the series: $elsewhere', async (session) => {
    const bucket = await world.createBucket({ versioning: true });
    await bucket.put('private.txt', 'private');
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const inputs = {
        ...viaRelay(),
        ...FULL_ONLY,
        'session-policy': session.policy,
        'part-size': '5MiB',
        'keep-last': '1',
        'prune-noncurrent': 'true',
        tags: 'team=core',
      };
      await world.backup(bucket, { workspace, inputs });
      const result = await world.backup(bucket, { workspace, inputs });

      expect(result).toMatchObject({ exitCode: 0, outputs: { version: '2' } });
      const [first] = JSON.parse(result.outputs.pruned ?? '');
      expect(first).toMatch(/_000001$/);
      expect(result.annotations.map(({ title }) => title)).toEqual(whatCephLacks(session.policy));
      expect((await bucket.versions()).filter(({ key }) => key.includes(first))).toEqual([]);
      const recordKey = result.outputs['record-key'] ?? '';
      for (const { key } of await expectRestorable(bucket, recordKey)) {
        expect(await bucket.tags(`backups/dist/${key}`)).toMatchObject({ team: 'core' });
      }
      expectPrivate(result);

      const [own] = relay.sessions;
      if (own === undefined) throw new Error('no session was given out');
      expect(await reachOf(own, bucket)).toEqual({
        putInSeries: 'done',
        listSeries: 'done',
        putElsewhere: session.elsewhere,
        putInNamesake: session.elsewhere,
        getElsewhere: session.elsewhere,
        listAll: session.elsewhere,
      });
    });
  });

  it('carries repository and run in its name, and nothing of it is said in the debug log', async () => {
    const bucket = await world.createBucket();
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const result = await world.backup(bucket, { workspace, inputs: viaRelay(), debug: true });
      expect(result.exitCode).toBe(0);
      expect(relay.sessions).toHaveLength(1);
      expect(relay.idTokens).toHaveLength(1);
      expectPrivate(result);
    });
  });
});

describe('without role-to-assume', () => {
  it('keys of the environment are used, and no ID token is asked for', async () => {
    const bucket = await world.createBucket();
    const { tokens } = world.issuer.counts;
    await withWorkspace(async (workspace) => {
      await fill(workspace);
      const { accessKeyId, secretAccessKey } = world.owner;
      const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      const result = await world.backup(bucket, { workspace, inputs: NO_ROLE, env, idToken: false });
      expect(result).toMatchObject({ exitCode: 0, annotations: [] });
      await expectRestorable(bucket, result.outputs['record-key'] ?? '');
      expectPrivate(result);
      expect(world.issuer.counts.tokens).toBe(tokens);
    });
  });

  it('the profile in AWS_PROFILE of the shared credentials file is used', async () => {
    const bucket = await world.createBucket();
    const directory = await mkdtemp(join(tmpdir(), 'aws-'));
    try {
      const file = join(directory, 'credentials');
      const profile = (name: string, key: string) => `[${name}]\naws_access_key_id = ${key}\n`;
      const secret = `aws_secret_access_key = ${world.owner.secretAccessKey}\n`;
      await writeFile(
        file,
        `${profile('default', 'AKIANOBODY00000000')}${secret}${profile('backup', world.owner.accessKeyId)}${secret}`,
      );
      await withWorkspace(async (workspace) => {
        await fill(workspace);
        const env = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'backup' };
        const result = await world.backup(bucket, { workspace, inputs: NO_ROLE, env, idToken: false });
        expect(result).toMatchObject({ exitCode: 0, annotations: [] });
        expectPrivate(result);
        expect(await recordKeys(bucket)).toHaveLength(1);
        // The other profile is one that nobody knows: it was not by chance that this worked.
        const other = await world.backup(bucket, {
          workspace,
          inputs: NO_ROLE,
          env: { AWS_SHARED_CREDENTIALS_FILE: file },
          idToken: false,
        });
        expect(other.exitCode).toBe(1);
        expect(await recordKeys(bucket)).toHaveLength(1);
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
