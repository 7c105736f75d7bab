import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaints } from '../complaints.ts';
import { withTree } from '../tree.ts';
import { startWorld, type World } from '../world.ts';

const MIB = 2 ** 20;
const DAY_MS = 86_400_000;
// Governance: the gateway's own clean-up, unlike compliance, may go past it.
const LOCK = { 'object-lock-mode': 'governance', 'object-lock-days': '30', 'legal-hold': 'true' };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('object-lock-mode and legal-hold', () => {
  it('lock every object of a version until the same date, in the requests that create them', async () => {
    const bucket = await world.createBucket({ objectLock: true });
    await withTree({ small: 'small', 'large.bin': randomBytes(6 * MIB) }, async (workspace) => {
      const result = await world.backup(bucket, { workspace, inputs: { ...LOCK, 'part-size': '5MiB' } });
      expect({ exitCode: result.exitCode, complaints: complaints(result) }).toEqual({ exitCode: 0, complaints: [] });
      const { time } = await bucket.json(result.outputs['record-key'] ?? '');
      const until = new Date(Date.parse(String(time)) + 30 * DAY_MS);
      const keys = await bucket.keys();
      const locks = await Promise.all(keys.map((key) => bucket.head(key)));
      const ends = locks.map((lock) => lock.ObjectLockRetainUntilDate?.getTime());
      for (const lock of locks) {
        expect(lock).toMatchObject({ ObjectLockMode: 'GOVERNANCE', ObjectLockLegalHoldStatus: 'ON' });
      }
      // Two files, index, record and claim. A store without conditional writes has a claim more: the one that showed it,
      // which may be of the second before.
      const isProbe = (end = 0) => end < until.getTime();
      expect(ends.filter((end) => !isProbe(end)).length).toBeGreaterThanOrEqual(5);
      expect(ends.filter((end) => !isProbe(end) && end !== until.getTime())).toEqual([]);
      expect(keys.filter((key, at) => isProbe(ends[at]) && !key.includes('/claims/'))).toEqual([]);
    });
  });

  it('of an incremental version also lock what it refers to, for longer', async () => {
    const bucket = await world.createBucket({ objectLock: true });
    await withTree({ same: 'same', changed: '1' }, async (workspace) => {
      const files = { layout: 'files', compression: 'off', incremental: 'auto' };
      const first = await world.backup(bucket, { workspace, inputs: { ...LOCK, ...files, 'object-lock-days': '1' } });
      await writeFile(join(workspace, 'changed'), '2');
      const second = await world.backup(bucket, { workspace, inputs: { ...LOCK, ...files } });
      expect([first, second].flatMap(complaints)).toEqual([]);
      const { time, type, lock } = await bucket.json(second.outputs['record-key'] ?? '');
      expect(type).toBe('incremental');
      const until = new Date(Date.parse(String(time)) + 30 * DAY_MS);
      expect(lock).toEqual({ mode: 'GOVERNANCE', retainUntil: until.toISOString(), legalHold: true });
      const dataOf = ({ outputs }: typeof first) => `backups/dist/data/${outputs['version-id']}/files/`;
      for (const key of [`${dataOf(first)}same`, `${dataOf(second)}changed`]) {
        expect(await bucket.head(key)).toMatchObject({
          ObjectLockMode: 'GOVERNANCE',
          ObjectLockRetainUntilDate: until,
          ObjectLockLegalHoldStatus: 'ON',
        });
      }
      const { ObjectLockRetainUntilDate } = await bucket.head(`${dataOf(first)}changed`);
      expect(ObjectLockRetainUntilDate?.getTime()).toBeLessThan(until.getTime() - 20 * DAY_MS);
    });
  });

  it('are refused before anything is written where the bucket has no Object Lock', async () => {
    const bucket = await world.createBucket();
    await withTree({ a: '1' }, async (workspace) => {
      for (const dryRun of ['false', 'true']) {
        const { exitCode, annotations } = await world.backup(bucket, {
          workspace,
          inputs: { ...LOCK, 'dry-run': dryRun },
        });
        expect(exitCode).toBe(1);
        expect(annotations[0]?.message).toMatch(
          /`object-lock-mode` is set, but the bucket "[^"]+" has no Object Lock: enable/,
        );
      }
      expect(await bucket.keys()).toEqual([]);
    });
  });
});

describe('a lifecycle rule of the bucket', () => {
  it('that would expire the series is warned of by backup and verify, and others are not', async () => {
    const bucket = await world.createBucket();
    const expire = (Prefix: string) => ({
      ID: `expire ${Prefix}`,
      Status: 'Enabled' as const,
      Filter: { Prefix },
      Expiration: { Days: 90 },
    });
    const LifecycleConfiguration = { Rules: [expire('backups/dist/data/'), expire('logs/')] };
    await bucket.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: bucket.name, LifecycleConfiguration }),
    );
    await withTree({ a: '1' }, async (workspace) => {
      const inputs = { version: 'latest' };
      for (const result of [
        await world.backup(bucket, { workspace }),
        await world.run('verify', bucket, { workspace, inputs }),
      ]) {
        expect(result.exitCode).toBe(0);
        const [warning, ...others] = result.annotations.filter(({ message }) => message.includes('lifecycle rule'));
        expect(others).toEqual([]);
        expect(warning?.message).toContain('expire backups/dist/data/');
        expect(warning?.message).toContain('90 days');
      }
    });
  });
});
