import {
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bucket } from '../bucket.ts';
import { complaints } from '../complaints.ts';
import { plant, withTree } from '../tree.ts';
import { FULL_ONLY, startWorld, TARGET, type World } from '../world.ts';

const ERASE = { 'keep-last': '1', 'max-delete': '100%', 'prune-noncurrent': 'true' };
const NEXT_YEAR = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 5, 7));
const LOCKED_UNTIL = `locked until ${NEXT_YEAR.getUTCFullYear()}-06-07T00:00:00Z (GOVERNANCE)`;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function backUp(bucket: Bucket, workspace: string, inputs: Record<string, string>) {
  const result = await world.backup(bucket, { workspace, inputs: { ...FULL_ONLY, ...inputs } });
  expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
  return { result, id: result.outputs['version-id'] ?? '', recordKey: result.outputs['record-key'] ?? '' };
}

/** What there still is of a version, hidden or not: versions of objects, and delete markers. */
async function tracesOf(bucket: Bucket, id: string): Promise<{ objects: number; markers: number }> {
  const traces = (await bucket.versions()).filter(({ key }) => key.includes(id));
  const markers = traces.filter(({ isDeleteMarker }) => isDeleteMarker).length;
  return { objects: traces.length - markers, markers };
}

describe('a bucket that keeps versions', () => {
  it('only hides what is pruned, and log and summary say so', async () => {
    const bucket = await world.createBucket({ versioning: true });
    await withTree({ file: '1' }, async (workspace) => {
      const first = await backUp(bucket, workspace, {});
      const { result } = await backUp(bucket, workspace, { 'keep-last': '1' });
      expect(result.outputs.pruned).toBe(JSON.stringify([first.id]));
      expect(result.log).toMatch(/Retention: 1 version removed \([1-9] objects, \d+ B, hidden only\), 1 kept/);
      expect(result.summary).toContain('what this prune removed is hidden by delete markers and still billed');
      expect(result.summary).toContain('prune-noncurrent');
      // Record, index and file.
      expect(await tracesOf(bucket, first.id)).toEqual({ objects: 3, markers: 3 });
      expect((await bucket.keys()).filter((key) => key.includes(first.id))).toEqual([]);
    });
  });

  it('is rid of the versions themselves with prune-noncurrent, also of what was overwritten', async () => {
    const bucket = await world.createBucket({ versioning: true });
    await withTree({ file: '1' }, async (workspace) => {
      const first = await backUp(bucket, workspace, {});
      await bucket.put(`backups/dist/data/${first.id}/files/file`, 'overwritten by hand');
      const { result } = await backUp(bucket, workspace, ERASE);
      expect(result.outputs.pruned).toBe(JSON.stringify([first.id]));
      expect(result.log).toMatch(/Retention: 1 version removed \([1-9] objects, /);
      expect(result.summary).not.toContain('still billed');
      expect(await tracesOf(bucket, first.id)).toEqual({ objects: 0, markers: 0 });
      // Without conditional writes a claim has a key of its own.
      const claim = TARGET === 'ceph' ? '/claims/000001_' : '/claims/000001.json';
      expect((await bucket.versions()).filter(({ key }) => key.includes(claim))).toEqual([]);
    });
  });
});

describe('Object Lock', () => {
  const hold = (bucket: Bucket, key: string, Status: 'ON' | 'OFF') =>
    bucket.client.send(new PutObjectLegalHoldCommand({ Bucket: bucket.name, Key: key, LegalHold: { Status } }));
  const lock = (bucket: Bucket, key: string) =>
    bucket.client.send(
      new PutObjectRetentionCommand({
        Bucket: bucket.name,
        Key: key,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: NEXT_YEAR },
      }),
    );

  it('keeps a version, with the date that frees it, and the others go', async () => {
    const bucket = await world.createBucket({ objectLock: true });
    await withTree({ file: '1' }, async (workspace) => {
      const locked = await backUp(bucket, workspace, {});
      await lock(bucket, locked.recordKey);
      await plant(workspace, { file: '2' });
      const free = await backUp(bucket, workspace, {});
      const { result, id } = await backUp(bucket, workspace, ERASE);
      expect(result.outputs).toMatchObject({
        pruned: JSON.stringify([free.id]),
        kept: JSON.stringify([id, locked.id]),
      });
      expect(result.log).toMatch(new RegExp(`version 1 .* kept +${RegExp.escape(LOCKED_UNTIL)}`));
      expect(result.summary).toMatch(/kept \| locked until \d{4}-06-07T00:00:00Z/);
      expect(await tracesOf(bucket, locked.id)).toEqual({ objects: 3, markers: 0 });
      expect(await tracesOf(bucket, free.id)).toEqual({ objects: 0, markers: 0 });
      expect((await bucket.read(`backups/dist/data/${locked.id}/files/file`)).toString()).toBe('1');
    });
  });

  it('keeps a version under legal hold until it is lifted', async () => {
    const bucket = await world.createBucket({ objectLock: true });
    await withTree({ file: '1' }, async (workspace) => {
      const held = await backUp(bucket, workspace, {});
      await hold(bucket, held.recordKey, 'ON');
      const second = await backUp(bucket, workspace, ERASE);
      expect(second.result.outputs.pruned).toBe('[]');
      expect(second.result.log).toMatch(/version 1 .* kept +legal hold/);
      await hold(bucket, held.recordKey, 'OFF');
      const third = await backUp(bucket, workspace, ERASE);
      expect(third.result.outputs.pruned).toBe(JSON.stringify([second.id, held.id]));
      expect(await tracesOf(bucket, held.id)).toEqual({ objects: 0, markers: 0 });
    });
  });

  it('by default of the bucket is no trouble to a backup, and keeps every version for its time', async () => {
    const bucket = await world.createBucket({ objectLock: true });
    const DefaultRetention = { Mode: 'COMPLIANCE' as const, Days: 1 };
    await bucket.client.send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket.name,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
      }),
    );
    await withTree({ file: '1' }, async (workspace) => {
      const first = await backUp(bucket, workspace, {});
      const { result } = await backUp(bucket, workspace, ERASE);
      expect(result.outputs.pruned).toBe('[]');
      expect(result.log).toMatch(/version 1 .* kept +locked until [^ ]+Z \(COMPLIANCE\)/);
      expect(await tracesOf(bucket, first.id)).toEqual({ objects: 3, markers: 0 });
    });
  });
});
