import { describe, expect, it } from '@jest/globals';
import { type CostEstimate, estimateCost } from '../../src/report/cost.ts';
import type { BackupReport } from '../../src/report/types.ts';
import { loadReport } from '../fixtures/reports/load.ts';

const GB = 1024 ** 3;
const base = loadReport('first-version');
const pruned = loadReport('daily-with-prune');

function inClass(storageClass: string, changes: Partial<BackupReport> = {}): CostEstimate {
  const estimate = estimateCost({ ...base, ...changes, location: { ...base.location, storageClass } });
  if ('unknown' in estimate) throw new Error(estimate.unknown);
  return estimate;
}

const totals = (files: number, bytes: number) => ({ files, bytes, symlinks: 0, directories: 0 });

describe('requests', () => {
  it('are billed as writes and reads, and deletes are free', () => {
    const requests = { writes: 2000, reads: 10_000, free: 1_000_000 };
    expect(inClass('STANDARD', { requests }).requestsUsd).toBeCloseTo(0.01 + 0.004, 10);
    expect(inClass('DEEP_ARCHIVE', { requests }).requestsUsd).toBeCloseTo(0.1 + 0.004, 10);
  });

  it('are left out where their price is not known', () => {
    const estimate = inClass('GLACIER_IR');
    expect(estimate.requestsUsd).toBeUndefined();
    expect(estimate.notes[0]).toMatch(/GLACIER_IR is not known here, so requests are left out/);
  });
});

describe('storage', () => {
  it('is billed by the byte in STANDARD, which is also meant when no class is set', () => {
    const { storageClass, ...location } = { storageClass: undefined, ...base.location };
    expect(storageClass).toBeUndefined();
    expect(estimateCost({ ...base, location, totals: totals(3, 100 * GB) })).toEqual(
      inClass('STANDARD', { totals: totals(3, 100 * GB) }),
    );
    expect(inClass('STANDARD', { totals: totals(3, 100 * GB) }).storageUsdPerMonth).toBeCloseTo(2.3, 10);
  });

  it('is billed by a minimum size in STANDARD_IA', () => {
    const small = inClass('STANDARD_IA', { totals: totals(8192, 8192) });
    expect(small.storageUsdPerMonth).toBeCloseTo(0.0125, 10);
    expect(small.notes).toContainEqual(expect.stringMatching(/average file has 1 B: STANDARD may be cheaper/));
    const large = inClass('STANDARD_IA', { totals: totals(1, 8 * GB) });
    expect(large.storageUsdPerMonth).toBeCloseTo(0.1, 10);
    expect(large.notes).toContainEqual(expect.stringMatching(/so small files cost more than their bytes/));
  });

  it('has 40 KiB more per object in the archive classes, 8 of them at the price of STANDARD', () => {
    const files = 32_768; // 32 KiB each make 1 GB
    const { storageUsdPerMonth, notes } = inClass('GLACIER', { totals: totals(files, GB) });
    expect(storageUsdPerMonth).toBeCloseTo(2 * 0.0036 + 0.25 * 0.023, 10);
    expect(notes).toContainEqual(expect.stringMatching(/40 KiB on top of every object/));
    expect(notes).toContainEqual(expect.stringMatching(/have to be restored/));
  });

  it('is monitored for a fee in INTELLIGENT_TIERING', () => {
    const { notes } = inClass('INTELLIGENT_TIERING', { totals: totals(10_000, GB) });
    expect(notes).toEqual([expect.stringMatching(/^Monitoring adds up to \$0.0250 a month/)]);
  });
});

describe('versions removed before the minimum duration', () => {
  const changes = { version: pruned.version, prune: pruned.prune };

  it('are counted by their age', () => {
    expect(inClass('STANDARD_IA', changes).notes[0]).toMatch(
      /30 days.*: 1 version removed here is younger than that\.$/,
    );
  });

  it('are not mentioned when they are old enough', () => {
    const later = { ...changes, version: { ...pruned.version, time: new Date('2027-03-01T00:00:00Z') } };
    expect(inClass('STANDARD_IA', later).notes[0]).toMatch(/deleted earlier\.$/);
  });

  it('are a plan in a dry run', () => {
    const planned = { ...changes, prune: { ...pruned.prune, outcome: 'planned' as const } };
    expect(inClass('STANDARD_IA', planned).notes[0]).toMatch(/1 version that would be removed is younger/);
  });
});

describe('no estimate', () => {
  it('is made for another store', () => {
    const location = { ...base.location, endpoint: 'https://s3.example' };
    expect(estimateCost({ ...base, location })).toEqual({ unknown: expect.stringMatching(/https:\/\/s3\.example/) });
  });

  it('is made for an unknown class', () => {
    const location = { ...base.location, storageClass: 'EXPRESS_ONEZONE' };
    expect(estimateCost({ ...base, location })).toEqual({
      unknown: expect.stringMatching(/EXPRESS_ONEZONE is not known/),
    });
  });
});
