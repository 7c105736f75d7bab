import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BodyStore } from '../../../../dev/s3-server/storage/bodies.ts';
import { type Bucket, makeBucket } from '../../../../dev/s3-server/storage/bucket.ts';
import { NO_LOCK, type ObjectLock } from '../../../../dev/s3-server/storage/objects.ts';
import { currentObject, findVersion, removeVersion, storeObject } from '../../../../dev/s3-server/storage/versions.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-02T00:00:00Z');
const settings = { name: 'b', region: 'r', owner: '1' };

let bodies: BodyStore;
let bucket: Bucket;
beforeAll(async () => {
  bodies = await BodyStore.open();
});
afterAll(() => bodies.close());
beforeEach(() => {
  bucket = makeBucket(settings, NOW);
});

async function store(key: string, lock: ObjectLock = NO_LOCK) {
  const body = await bodies.sink(0).finish();
  const encryption = { algorithm: 'AES256', kmsKeyId: undefined, customerKeyMd5: undefined };
  const properties = { headers: {}, tags: [], storageClass: 'STANDARD', lock, encryption };
  const object = { size: 0, etag: '""', bodies: [body], parts: undefined, properties, checksum: undefined };
  return storeObject(bodies, bucket, key, object, NOW);
}
const remove = (key: string, versionId?: string, bypassGovernance = false) =>
  removeVersion(bodies, bucket, key, { versionId, bypassGovernance, now: NOW });

describe('without versioning', () => {
  it('an object replaces the one before, bytes and all', async () => {
    const first = await store('k');
    const second = await store('k');
    expect(bucket.versions.get('k')).toEqual([second]);
    expect([first.bodies[0]?.uses, second.bodies[0]?.uses]).toEqual([0, 1]);
  });

  it('a delete removes for good, and a key that is not there is no error', async () => {
    await store('k');
    expect(remove('k')).toEqual({ versionId: undefined, deleteMarker: false });
    expect(bucket.versions.size).toBe(0);
    expect(remove('k')).toEqual({ versionId: undefined, deleteMarker: false });
  });
});

describe('with versioning', () => {
  beforeEach(() => {
    bucket = makeBucket({ ...settings, versioning: true }, NOW);
  });

  it('a delete lays a marker on top, and the object comes back when it goes', async () => {
    const object = await store('k');
    const { versionId, deleteMarker } = remove('k');
    expect(deleteMarker).toBe(true);
    expect(currentObject(bucket, 'k')).toBeUndefined();
    expect(() => findVersion(bucket, 'k', undefined)).toThrow(
      expect.objectContaining({
        code: 'NoSuchKey',
        headers: expect.objectContaining({ 'x-amz-delete-marker': 'true' }),
      }),
    );
    expect(remove('k', versionId)).toEqual({ versionId, deleteMarker: true });
    expect(currentObject(bucket, 'k')).toBe(object);
  });

  it('suspended, it replaces only the version that has no id', async () => {
    const kept = await store('k');
    bucket.versioning = 'Suspended';
    await store('k');
    const last = await store('k');
    expect(bucket.versions.get('k')).toEqual([kept, last]);
    expect(last.versionId).toBe('null');
  });

  it('finds a version by its id, and no other', async () => {
    const first = await store('k');
    await store('k');
    expect(findVersion(bucket, 'k', first.versionId)).toBe(first);
    expect(() => findVersion(bucket, 'k', 'other')).toThrow(expect.objectContaining({ code: 'NoSuchVersion' }));
  });
});

describe('with object lock', () => {
  beforeEach(() => {
    bucket = makeBucket({ ...settings, objectLock: true }, NOW);
  });

  it.each([
    ['GOVERNANCE', { ...NO_LOCK, mode: 'GOVERNANCE', until: LATER }, false, true],
    ['GOVERNANCE, bypassed', { ...NO_LOCK, mode: 'GOVERNANCE', until: LATER }, true, false],
    ['COMPLIANCE, bypassed', { ...NO_LOCK, mode: 'COMPLIANCE', until: LATER }, true, true],
    ['COMPLIANCE that has ended', { ...NO_LOCK, mode: 'COMPLIANCE', until: NOW }, false, false],
    ['a legal hold, bypassed', { ...NO_LOCK, legalHold: 'ON' }, true, true],
    ['a legal hold that is off', { ...NO_LOCK, legalHold: 'OFF' }, false, false],
  ] as const)('%s', async (_, lock, bypass, refused) => {
    const { versionId } = await store('k', lock);
    const attempt = () => remove('k', versionId, bypass);
    if (refused) expect(attempt).toThrow(/protected by object lock/);
    else expect(attempt()).toMatchObject({ versionId });
    expect(bucket.versions.size).toBe(refused ? 1 : 0);
  });

  it('the bucket’s default applies where the request says nothing', async () => {
    bucket.defaultRetention = { mode: 'GOVERNANCE', days: 1 };
    expect((await store('k')).lock).toMatchObject({ mode: 'GOVERNANCE', until: LATER });
    const own = { ...NO_LOCK, mode: 'COMPLIANCE', until: new Date('2027-01-01') } as const;
    expect((await store('k2', own)).lock).toEqual(own);
  });
});
