import { type LifecycleRule, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { s3Client } from '../../dev/s3-server/integration/support.ts';
import { BUCKET, openBench } from './bench.ts';

const rule = (fields: Partial<LifecycleRule>): LifecycleRule => ({
  ID: 'r',
  Status: 'Enabled',
  Filter: { Prefix: 'a/' },
  ...fields,
});

/** What the adapter makes of the rules of a bucket. */
async function found(...rules: LifecycleRule[]) {
  await using bench = await openBench();
  const client = s3Client(bench.server);
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: rules } }),
  );
  client.destroy();
  return await bench.store.expirationRules();
}

describe('expirationRules', () => {
  it('are those that take what is current', async () => {
    const day = new Date('2027-01-01T00:00:00Z');
    const tag = { Key: 'team', Value: 'core' };
    expect(
      await found(
        rule({ Expiration: { Days: 30 } }),
        rule({ ID: 'by date', Filter: { Prefix: '' }, Expiration: { Date: day } }),
        rule({ ID: 'by tag', Filter: { Tag: tag }, Expiration: { Days: 1 } }),
        rule({ ID: 'by both', Filter: { And: { Prefix: 'b/', Tags: [tag] } }, Expiration: { Days: 1 } }),
      ),
    ).toEqual([
      { id: 'r', prefix: 'a/', tags: {}, when: '30 days after it was made' },
      { id: 'by date', prefix: '', tags: {}, when: 'on 2027-01-01' },
      { id: 'by tag', prefix: '', tags: { team: 'core' }, when: '1 days after it was made' },
      { id: 'by both', prefix: 'b/', tags: { team: 'core' }, when: '1 days after it was made' },
    ]);
  });

  it('are not those that are off, clean up, or move', async () => {
    expect(
      await found(
        rule({ Status: 'Disabled', Expiration: { Days: 30 } }),
        rule({ Expiration: { ExpiredObjectDeleteMarker: true }, NoncurrentVersionExpiration: { NoncurrentDays: 7 } }),
        rule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
        rule({ Transitions: [{ Days: 30, StorageClass: 'GLACIER_IR' }] }),
      ),
    ).toEqual([]);
  });

  it('are none where the bucket has no configuration, and unknown where it may not be read', async () => {
    await using bench = await openBench();
    expect(await bench.store.expirationRules()).toEqual([]);
    for (const [status, code] of [
      [403, 'AccessDenied'],
      [501, 'NotImplemented'],
    ] as const) {
      bench.server.faults.add({
        match: { operation: 'GetBucketLifecycleConfiguration' },
        action: { type: 'error', status, code },
      });
      expect(await bench.store.expirationRules()).toBeUndefined();
    }
    expect(bench.log.warnings).toEqual([]);
  });
});
