import { randomBytes } from 'node:crypto';
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
      // Claim, two files, index and record.
      expect(keys).toHaveLength(5);
      for (const key of keys) {
        expect(await bucket.head(key)).toMatchObject({
          ObjectLockMode: 'GOVERNANCE',
          ObjectLockRetainUntilDate: until,
          ObjectLockLegalHoldStatus: 'ON',
        });
      }
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
