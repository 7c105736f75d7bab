import { describe, expect, it } from '@jest/globals';
import { MemoryBucket } from '../../src/store/memory-bucket.ts';
import { objectKey } from '../../src/store/object-key.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const key = objectKey('a');
const body = Buffer.from('a');

function bucket(versioning: 'enabled' | 'suspended' | 'off', now = () => NOW): MemoryBucket {
  return new MemoryBucket(versioning, now);
}

describe('MemoryBucket', () => {
  it('replaces the null version while versioning is suspended, also by a marker', () => {
    const objects = bucket('suspended');
    objects.add(key, { body });
    objects.add(key, { body: Buffer.from('b') });
    expect(objects.versions(key).map(({ versionId }) => versionId)).toEqual(['null']);
    objects.delete({ key });
    expect(objects.versions(key)).toEqual([{ versionId: 'null', lastModified: NOW }]);
    expect(objects.current(key)).toBeUndefined();
  });

  it('adds a marker for a key that is not there, as S3 does', () => {
    const objects = bucket('enabled');
    objects.delete({ key });
    expect(objects.versions(key)).toHaveLength(1);
  });

  it.each([
    ['a legal hold', { legalHold: true }],
    ['governance', { legalHold: false, mode: 'GOVERNANCE' as const, retainUntil: new Date(NOW.getTime() + 1) }],
    ['compliance', { legalHold: false, mode: 'COMPLIANCE' as const, retainUntil: new Date(NOW.getTime() + 1) }],
  ])('refuses to delete a version under %s for good, but not to hide it', (_, lock) => {
    const objects = bucket('enabled');
    const { versionId } = objects.add(key, { body });
    objects.lock(key, lock);
    expect(objects.delete({ key, versionId })).toMatchObject({ target: { key, versionId }, code: 'AccessDenied' });
    expect(objects.delete({ key })).toBeUndefined();
    expect(objects.versions(key)).toHaveLength(2);
  });

  it('frees a version when its date has come', () => {
    let now = NOW;
    const objects = bucket('enabled', () => now);
    const { versionId } = objects.add(key, { body });
    objects.lock(key, { legalHold: false, mode: 'COMPLIANCE', retainUntil: new Date(NOW.getTime() + 1000) });
    now = new Date(NOW.getTime() + 1000);
    expect(objects.delete({ key, versionId })).toBeUndefined();
    expect(objects.versions(key)).toEqual([]);
  });
});
