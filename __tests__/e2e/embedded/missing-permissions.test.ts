import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StepResult } from '../../../dev/runner/index.ts';
import type { Bucket } from '../bucket.ts';
import { expectNoVersion, recordKeys } from '../stored.ts';
import { type EmbeddedWorld, startEmbeddedWorld, withWorkspace } from '../world.ts';

const MIB = 2 ** 20;
const ACCOUNT = '123456789012';

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await startEmbeddedWorld();
});
afterAll(() => world.close());

/** A role that may do everything but some actions; every job of this issuer may assume it. */
function roleWithout(...actions: readonly string[]): string {
  return roleIn(world, ...actions);
}

function roleIn({ issuer, server }: EmbeddedWorld, ...actions: readonly string[]): string {
  const arn = `arn:aws:iam::${ACCOUNT}:role/without-${actions.join('-').replaceAll(/\W/g, '')}`;
  const Principal = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.hostPath}` };
  const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRoleWithWebIdentity' };
  const permission = { Effect: 'Allow', NotAction: actions, Resource: '*' };
  server.admin.addRole(arn, {
    trustPolicy: { Version: '2012-10-17', Statement: [trust] },
    permissionPolicy: { Version: '2012-10-17', Statement: [permission] },
  });
  return arn;
}

async function backup(bucket: Bucket, inputs: Record<string, string> = {}, { backup } = world): Promise<StepResult> {
  return withWorkspace(async (workspace) => {
    await writeFile(join(workspace, 'a.txt'), 'content\n');
    await writeFile(join(workspace, 'large.bin'), randomBytes(6 * MIB));
    return backup(bucket, { workspace, inputs: { 'part-size': '5MiB', ...inputs } });
  });
}

const messages = ({ annotations }: StepResult, level: string) =>
  annotations.filter((annotation) => annotation.level === level).map(({ message }) => message);

/** The action in the error's sentence, and what to allow on which resource in its advice. */
const DENIALS = [
  { action: 's3:ListBucket', operation: 'ListObjectsV2', resource: '' },
  { action: 's3:PutObject', operation: 'PutObject', resource: '/*' },
  { action: 's3:PutObjectTagging', operation: 'PutObject', resource: '/*' },
];

describe('a role without a permission the backup needs', () => {
  it.each(DENIALS)('$action: the error names it, and no version is there', async ({ action, operation, resource }) => {
    const bucket = await world.createBucket();
    const result = await backup(bucket, { 'role-to-assume': roleWithout(action) });
    expect(result).toMatchObject({ exitCode: 1, outputs: {} });
    const [sentence, ...others] = messages(result, 'error');
    expect(others).toEqual([]);
    expect(sentence).toMatch(new RegExp(`^The store at \\S+ denied ${operation} .* \\(needs ${action}\\)`));
    expect(result.log).toContain(`Allow ${action} on arn:aws:s3:::${bucket.name}${resource} in the policy of the role`);
    await expectNoVersion(bucket);
    expect(await bucket.keys()).toEqual([]);
  });

  it('s3:AbortMultipartUpload: the upload that stays open is a warning beside the error that led to it', async () => {
    const bucket = await world.createBucket();
    const refusal = { type: 'error', status: 403, code: 'AccessDenied' } as const;
    world.server.faults.add({ match: { operation: 'UploadPart', bucket: bucket.name }, times: 100, action: refusal });
    const result = await backup(bucket, { 'role-to-assume': roleWithout('s3:AbortMultipartUpload') });
    expect(result.exitCode).toBe(1);
    expect(messages(result, 'error')).toEqual([expect.stringMatching(/denied UploadPart .*\(needs s3:PutObject\)/)]);
    expect(messages(result, 'warning')).toEqual([
      expect.stringMatching(/could not be aborted.*s3:AbortMultipartUpload action/),
    ]);
    expect(await recordKeys(bucket)).toEqual([]);
    expect(await bucket.uploads()).toHaveLength(1);
  });
});

describe('a role without a permission that only the rest of the step needs', () => {
  it('s3:GetObject: the backup is good, and warnings say why it is full and not compared', async () => {
    const bucket = await world.createBucket();
    await backup(bucket);
    const result = await backup(bucket, { 'role-to-assume': roleWithout('s3:GetObject') });
    expect(result).toMatchObject({ exitCode: 0, outputs: { version: '2' } });
    expect(messages(result, 'warning')).toEqual([
      expect.stringMatching(/newest version could not be read, so the new one is full.*s3:GetObject action/),
      expect.stringMatching(/version before could not be read.*s3:GetObject action/),
    ]);
    expect(await recordKeys(bucket)).toHaveLength(2);
  });

  it('s3:GetObject, at a store that tells no ETag of an upload in parts: it is complete all the same', async () => {
    const reticent = await startEmbeddedWorld({ personality: { completionEtag: 'omitted' } });
    try {
      const bucket = await reticent.createBucket();
      const inputs = { 'role-to-assume': roleIn(reticent, 's3:GetObject') };
      const result = await backup(bucket, inputs, reticent);
      expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '1' } });
      expect(reticent.server.requests.counts()).toMatchObject({ CompleteMultipartUpload: 1, HeadObject: 1 });
      const checked = await withWorkspace((workspace) =>
        reticent.run('verify', bucket, { workspace, inputs: { level: 'checksums' } }),
      );
      expect(checked).toMatchObject({ exitCode: 0, annotations: [], outputs: { ok: 'true', 'checked-objects': '2' } });
    } finally {
      await reticent.close();
    }
  });

  it('s3:DeleteObject: the backup is good, and a warning says that the prune failed', async () => {
    const bucket = await world.createBucket();
    await backup(bucket);
    const before = await bucket.keys();
    const result = await backup(bucket, { 'role-to-assume': roleWithout('s3:DeleteObject'), 'keep-last': '1' });
    expect(result).toMatchObject({ exitCode: 0, outputs: { version: '2', pruned: 'failed' } });
    const warnings = messages(result, 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/The backup is complete, but the prune after it failed.*s3:DeleteObject/);
    expect(await bucket.keys()).toEqual(expect.arrayContaining(before));
    expect(await recordKeys(bucket)).toHaveLength(2);
  });

  it('s3:GetBucketVersioning, object locks and part listings: nothing depends on them', async () => {
    const bucket = await world.createBucket();
    const role = roleWithout(
      's3:GetBucketVersioning',
      's3:GetObjectRetention',
      's3:GetObjectLegalHold',
      's3:ListMultipartUploadParts',
    );
    await backup(bucket, { 'role-to-assume': role });
    const result = await backup(bucket, { 'role-to-assume': role, 'keep-last': '1' });
    expect(result).toMatchObject({ exitCode: 0, annotations: [], outputs: { version: '2' } });
    expect(JSON.parse(result.outputs.pruned ?? '')).toHaveLength(1);
    expect(await recordKeys(bucket)).toHaveLength(1);
  });
});
