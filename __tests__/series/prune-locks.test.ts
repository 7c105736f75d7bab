import { describe, expect, it } from '@jest/globals';
import { canBeLocked, lockReason } from '../../src/series/prune-locks.ts';
import { ObservedStore, refusing } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';

describe('a prune of locked versions', () => {
  it('skips what is locked, with the date that frees it, and takes it when that has come', async () => {
    const series = new Series({ versioning: 'enabled' });
    const [first = '', second = '', third = ''] = await series.commit(4);
    const retainUntil = new Date('2027-01-01T00:00:00Z');
    series.store.lock(series.keys.record(first), { legalHold: false, mode: 'COMPLIANCE', retainUntil });
    series.store.lock(series.keys.record(second), { legalHold: true });
    const store = new ObservedStore(series.store);
    const outcome = await series.prune({ keepLast: 1 }, { store });
    expect(outcome.removed).toEqual([third]);
    expect(outcome.skipped).toEqual([
      { id: second, reason: 'legal hold' },
      { id: first, reason: 'locked until 2027-01-01T00:00:00Z (COMPLIANCE)' },
    ]);
    expect(outcome.failure).toBeUndefined();
    expect(store.operations.filter((operation) => operation === 'head')).toHaveLength(3);
    expect(await series.visible()).toEqual(expect.arrayContaining(series.keysOf([first, second])));

    series.nowMs = retainUntil.getTime();
    expect((await series.prune({ keepLast: 1 })).removed).toEqual([first]);
  });

  it('asks for no locks where there can be none', async () => {
    const series = new Series();
    await series.commit(3);
    const store = new ObservedStore(series.store);
    await series.prune({ keepLast: 1 }, { store });
    expect(store.operations).not.toContain('head');
  });

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
