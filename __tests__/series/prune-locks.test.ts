import { describe, expect, it } from '@jest/globals';
import { doomedVersions } from '../../src/retention/plan.ts';
import { canBeLocked, lockHolds, lockReason } from '../../src/series/prune-locks.ts';
import { ObservedStore, refusing } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';

describe('lockHolds', () => {
  it('says what holds a version, with the date that frees it, until that has come', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [first = '', second = ''] = await series.commit(4);
    const retainUntil = new Date('2027-01-01T00:00:00Z');
    series.store.lock(series.keys.record(first), { legalHold: false, mode: 'COMPLIANCE', retainUntil });
    series.store.lock(series.keys.record(second), { legalHold: true });
    const store = new ObservedStore(series.store);
    const doomed = doomedVersions(await series.plan({ keepLast: 1 }));
    expect(await lockHolds(store, series.keys, doomed)).toEqual(
      new Map([
        [second, 'legal hold'],
        [first, 'locked until 2027-01-01T00:00:00Z (COMPLIANCE)'],
      ]),
    );
    expect(store.operations).toEqual(['head', 'head', 'head']);

    series.nowMs = retainUntil.getTime();
    expect([...(await lockHolds(store, series.keys, doomed)).keys()]).toEqual([second]);
  });

  it('takes a version that is gone by now for one that nothing holds', async () => {
    const series = new Series({ versioning: 'enabled' });
    await series.commit(2);
    const doomed = doomedVersions(await series.plan({ keepLast: 1 }));
    await series.prune({ keepLast: 1 }, { pruneNoncurrent: true });
    expect(await lockHolds(series.store, series.keys, doomed)).toEqual(new Map());
  });
});

describe('a prune that meets a lock nobody told of', () => {
  it.each([
    ['Access Denied because object protected by object lock.', 'locked, until when may not be read', false],
    ['Access Denied (needs s3:DeleteObjectVersion)', 'its record could not be deleted (AccessDenied)', true],
  ])('tells a lock it may not see from a missing right: %s', async (message, reason, isFailure) => {
    const series = new Series({ versioning: 'enabled' });
    const [doomed = ''] = await series.commit(2);
    const isDoomed = (key: string) => key === series.keys.record(doomed);
    const store = refusing(series.store, ({ key }) => (isDoomed(key) ? 'AccessDenied' : undefined), message);
    const outcome = await series.prune({ keepLast: 1 }, { store, pruneNoncurrent: true });
    expect(outcome).toMatchObject({ removed: [], skipped: [{ id: doomed, reason }] });
    expect(outcome.failure !== undefined).toBe(isFailure);
    expect(await series.visible()).toEqual(expect.arrayContaining(series.keysOf([doomed])));
  });
});

describe('lockReason', () => {
  const now = new Date('2026-11-22T08:00:00Z');
  const later = new Date('2027-01-01T00:00:00.500Z');

  it.each([
    [{ legalHold: false }, undefined],
    [{ legalHold: true }, 'legal hold'],
    [{ legalHold: false, retainUntil: later }, 'locked until 2027-01-01T00:00:00Z'],
    [{ legalHold: false, retainUntil: later, mode: 'GOVERNANCE' }, 'locked until 2027-01-01T00:00:00Z (GOVERNANCE)'],
    [{ legalHold: true, retainUntil: later }, 'legal hold, locked until 2027-01-01T00:00:00Z'],
    [{ legalHold: true, retainUntil: now }, 'legal hold'],
    [{ legalHold: false, retainUntil: now, mode: 'COMPLIANCE' }, undefined],
  ] as const)('of %j is %j', (lock, reason) => {
    expect(lockReason(lock, now)).toBe(reason);
  });
});

describe('canBeLocked', () => {
  it.each([
    ['enabled', true],
    ['unknown', true],
    ['suspended', false],
    ['off', false],
  ] as const)('with versioning %s is %s', (versioning, expected) => {
    expect(canBeLocked(versioning)).toBe(expected);
  });
});
