import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runAction, type StepResult } from '../../dev/runner/index.ts';
import { type Issuer, type IssuerOptions, startIssuer } from '../../dev/s3-server/oidc/issuer.ts';
import type { PolicyInput } from '../../dev/s3-server/policy/document.ts';
import { type S3Server, startS3Server } from '../../dev/s3-server/server.ts';
import { Bucket } from '../e2e/bucket.ts';
import { ACTION, withWorkspace } from '../e2e/world.ts';
import { blocksOf, readPage, sectionOf } from './markdown.ts';

/** The names in the README's policies. */
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/other';
const BUCKET = 'acme-backups';
const SERIES = 'widgets';
const REGION = 'us-east-1';
const GITHUB = 'token.actions.githubusercontent.com';
const WORKFLOW = { repository: 'acme/widgets', ownerId: '1234567', repositoryId: '7654321' };

const README = await readPage('README.md');

function jsonIn(text: string): PolicyInput[] {
  return blocksOf(text).flatMap((block) => (block.language === 'json' ? [JSON.parse(block.text)] : []));
}

/** The permission policies of the README by the name between their markers. */
function policies(...names: readonly string[]): PolicyInput[] {
  return names.flatMap((name) => {
    const [begin, end] = [`<!-- policy-${name}:begin -->`, `<!-- policy-${name}:end -->`];
    return jsonIn(README.slice(README.indexOf(begin), README.indexOf(end)));
  });
}

/** The README's trust policy, with the issuer of the test in the place of GitHub's. */
function trustPolicy({ hostPath }: Issuer): string {
  const [policy] = jsonIn(sectionOf(README, '## Quick start'));
  return JSON.stringify(policy).replaceAll(GITHUB, hostPath);
}

interface Account {
  readonly server: S3Server;
  /** Runs a step in a job of the repository. */
  backup(inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
  /** Runs another of the actions with a role that has these policies and no other. */
  runWith(names: readonly string[], action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult>;
}

const running: { close(): Promise<unknown> }[] = [];

/** An account set up by the README: its trust policy, and those of its permission policies that are named. */
async function setUp(
  names: readonly string[],
  options: { readonly versioning?: boolean; readonly objectLock?: boolean; readonly issuer?: IssuerOptions } = {},
): Promise<Account> {
  const issuer = await startIssuer({ workflow: WORKFLOW, ...options.issuer });
  const server = await startS3Server({
    issuers: [issuer.url],
    buckets: [{ name: BUCKET, versioning: options.versioning ?? false, objectLock: options.objectLock ?? false }],
    roles: { [ROLE]: { trustPolicy: trustPolicy(issuer), permissionPolicy: policies(...names) } },
  });
  running.push(server, issuer);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = issuer.env;
  const store = {
    'role-to-assume': ROLE,
    // So that nothing but the policies of the README decides.
    'session-policy': 'none',
    endpoint: server.url,
    'sts-endpoint': server.url,
    'aws-region': REGION,
    bucket: BUCKET,
    name: SERIES,
  };
  const base = { ...store, path: '**', 'part-size': '5MiB' };
  const backup = (inputs = {}) =>
    withWorkspace(async (workspace) => {
      await mkdir(join(workspace, 'sub'));
      await writeFile(join(workspace, 'sub/small'), 'small');
      await writeFile(join(workspace, 'large'), randomBytes(6 * 1024 * 1024));
      return runAction({ action: ACTION, workspace, inputs: { ...base, ...inputs }, oidc: { url, requestToken } });
    });
  const runWith: Account['runWith'] = (permissions, action, inputs) => {
    server.admin.addRole(OTHER_ROLE, { trustPolicy: trustPolicy(issuer), permissionPolicy: policies(...permissions) });
    const step = { action: join(dirname(ACTION), action, 'action.yml'), oidc: { url, requestToken } };
    return withWorkspace((workspace) =>
      runAction({ ...step, workspace, inputs: { ...store, 'role-to-assume': OTHER_ROLE, ...inputs } }),
    );
  };
  return { server, backup, runWith };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()));
});

describe("the README's trust policy", () => {
  it.each(['classic', 'immutable'] as const)('lets the repository in by the %s form of its subject', async (form) => {
    const { backup } = await setUp(['backup'], { issuer: { subjectForm: form } });
    expect(await backup()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  it.each([
    ['another repository', { repository: 'acme/widgets-fork' }],
    ['a repository that took over the name', { ownerId: '1', repositoryId: '2' }],
  ])('keeps %s out', async (_who, identity) => {
    const { backup } = await setUp(['backup'], {
      issuer: { workflow: { ...WORKFLOW, ...identity }, subjectForm: 'immutable' },
    });
    const { exitCode, log } = await backup();
    expect(exitCode).toBe(1);
    expect(log).toContain('AWS STS does not let this job assume it');
  });
});

describe("the README's permission policies", () => {
  it('let a backup add versions to its series, and to no other', async () => {
    const { server, backup } = await setUp(['backup']);
    expect(await backup()).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
    expect(await backup()).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '2' } });

    const other = await backup({ name: 'other' });
    expect(other).toMatchObject({ exitCode: 1 });
    expect(other.log).toContain('s3:ListBucket');
    expect(server.admin.listObjects(BUCKET, 'backups/other')).toEqual([]);
  });

  it('let a backup with the policy for it alone delete nothing, and say which action is missing', async () => {
    const { server, backup } = await setUp(['backup']);
    await backup();
    const before = server.admin.listObjects(BUCKET).map(({ key }) => key);
    const result = await backup({ 'keep-last': '1' });
    expect(result).toMatchObject({ exitCode: 0, outputs: { pruned: 'failed' } });
    expect(result.annotations[0]?.message).toContain('s3:DeleteObject');
    expect(server.admin.listObjects(BUCKET).map(({ key }) => key)).toEqual(expect.arrayContaining(before));
  });

  it('let `keep-last` prune', async () => {
    const { server, backup } = await setUp(['backup', 'keep-last']);
    const first = await backup();
    const second = await backup({ 'keep-last': '1' });
    expect(second).toMatchObject({ exitCode: 0, annotations: [] });
    expect(JSON.parse(second.outputs.pruned ?? '')).toEqual([first.outputs['version-id']]);
    expect(server.admin.listObjects(BUCKET, `backups/${SERIES}/versions/`)).toHaveLength(1);
  });

  it('let `prune-noncurrent` delete for good in a versioned bucket', async () => {
    const { server, backup } = await setUp(['backup', 'keep-last', 'prune-noncurrent'], { versioning: true });
    const first = await backup();
    const second = await backup({ incremental: 'off', 'keep-last': '1', 'prune-noncurrent': 'true' });
    expect(second).toMatchObject({ exitCode: 0, annotations: [] });
    const left = server.admin.listVersions(BUCKET).map(({ key }) => key);
    expect(left.filter((key) => key.includes(first.outputs['version-id'] ?? ''))).toEqual([]);
  });
});

describe("the README's policies for roles beside that of the backup", () => {
  it('let a reader restore, verify and list, and pin nothing', async () => {
    const { server, backup, runWith } = await setUp(['backup']);
    const { outputs } = await backup();
    const before = server.admin.listObjects(BUCKET).map(({ key }) => key);
    for (const [action, inputs] of [
      ['restore', { target: 'restored' }],
      ['verify', { level: 'restore' }],
      ['verify', { level: 'checksums', version: 'all' }],
      ['list', {}],
    ] as const) {
      expect([action, await runWith(['read'], action, inputs)]).toMatchObject([
        action,
        { exitCode: 0, annotations: [] },
      ]);
    }
    const denied = await runWith(['read'], 'pin', { version: outputs['version-id'] ?? '' });
    expect(denied).toMatchObject({ exitCode: 1 });
    expect(denied.log).toContain('s3:PutObject');
    expect(server.admin.listObjects(BUCKET).map(({ key }) => key)).toEqual(before);
  });

  it('let a reader plan a prune, whose uploads it may not see', async () => {
    const { server, backup, runWith } = await setUp(['backup']);
    const { outputs } = await backup();
    await backup({ incremental: 'off' });
    const before = server.admin.listObjects(BUCKET).map(({ key }) => key);
    const planned = await runWith(['read'], 'prune', { 'keep-last': '1', 'dry-run': 'true' });
    expect(planned).toMatchObject({
      exitCode: 0,
      annotations: [
        {
          level: 'warning',
          message: expect.stringMatching(/^The plan leaves out the open uploads .*s3:ListBucketMultipartUploads/),
        },
      ],
      outputs: { pruned: JSON.stringify([outputs['version-id']]) },
    });
    expect(server.admin.listObjects(BUCKET).map(({ key }) => key)).toEqual(before);
  });

  it('let a role for pins pin and unpin, and prune nothing', async () => {
    const { server, backup, runWith } = await setUp(['backup']);
    await backup();
    await backup({ incremental: 'off' });
    const pins = () => server.admin.listObjects(BUCKET, `backups/${SERIES}/pins/`);
    for (const [state, count] of [
      ['pinned', 1],
      ['unpinned', 0],
    ] as const) {
      const result = await runWith(['pin'], 'pin', { version: '1', state });
      expect([state, result]).toMatchObject([state, { exitCode: 0, annotations: [] }]);
      expect(pins()).toHaveLength(count);
    }
    const pruned = await runWith(['pin'], 'prune', { 'keep-last': '1' });
    expect(pruned).toMatchObject({ exitCode: 1 });
    expect(pruned.log).toContain('its record could not be deleted (AccessDenied)');
    expect(server.admin.listObjects(BUCKET, `backups/${SERIES}/versions/`)).toHaveLength(2);
  });
});

describe("the README's policy for Object Lock", () => {
  const lock = { 'object-lock-mode': 'compliance', 'object-lock-days': '1', 'legal-hold': 'true' };

  it('lets a backup lock what it writes', async () => {
    const { server, backup } = await setUp(['backup', 'object-lock'], { objectLock: true });
    expect(await backup(lock)).toMatchObject({ exitCode: 0, annotations: [] });
    const locks = server.admin.listObjects(BUCKET).map((object) => object.lock);
    expect(locks.map((found) => [found?.mode, found?.legalHold])).toEqual(locks.map(() => ['COMPLIANCE', 'ON']));
  });

  it('lets an incremental one lock longer what it refers to', async () => {
    const { server, backup } = await setUp(['backup', 'object-lock'], { objectLock: true });
    await backup({ layout: 'files' });
    expect(await backup({ ...lock, layout: 'files' })).toMatchObject({ exitCode: 0, annotations: [] });
    const small = server.admin.listObjects(BUCKET).filter(({ key }) => key.endsWith('/sub/small'));
    expect(small.map((object) => [object.lock?.mode, object.lock?.legalHold])).toEqual([['COMPLIANCE', 'ON']]);
  });

  it('is needed: without it the first write is refused, with the name of the action', async () => {
    const { server, backup } = await setUp(['backup'], { objectLock: true });
    const { exitCode, log } = await backup(lock);
    expect(exitCode).toBe(1);
    expect(log).toContain('s3:PutObjectRetention');
    expect(server.admin.listObjects(BUCKET)).toEqual([]);
  });
});

describe("the README's bucket policy for append-only series", () => {
  it('lets backups through, and nobody replace a record', async () => {
    const { server, backup } = await setUp(['backup']);
    const [policy] = jsonIn(sectionOf(README, '### Append-only'));
    server.admin.putBucketPolicy(BUCKET, policy);
    const { exitCode, outputs } = await backup();
    expect(exitCode).toBe(0);

    const owner = new Bucket(BUCKET, { endpoint: server.url, region: REGION, credentials: server.credentials });
    await owner.put('notes.txt', 'elsewhere');
    await expect(owner.put(outputs['record-key'] ?? '', '{}')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
