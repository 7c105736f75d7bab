import { describe, expect, it } from '@jest/globals';
import { BackupError } from '../../src/errors.ts';
import { ABANDONED_AFTER_MS, abandonedClaims, claimReader } from '../../src/series/prune-claims.ts';
import { ObservedStore } from '../store/observed-store.ts';
import { Series } from './prune-fixture.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const claim = (number: number, ageMs: number) => ({
  key: `claims/${number}`,
  number,
  lastModified: new Date(NOW.getTime() - ageMs),
});
const abandoned = (claims: readonly ReturnType<typeof claim>[], recorded: readonly number[] = []) =>
  abandonedClaims(
    claims,
    recorded.map((number) => ({ number })),
    NOW,
    ABANDONED_AFTER_MS,
  ).map(({ number }) => number);

describe('abandonedClaims', () => {
  it('are older than the age', () => {
    const ages = [ABANDONED_AFTER_MS + 1, ABANDONED_AFTER_MS, 0, -ABANDONED_AFTER_MS * 2];
    expect(abandoned(ages.map((age, index) => claim(index + 1, age)))).toEqual([1]);
  });

  it('have no record of their number', () => {
    const old = [1, 2, 3].map((number) => claim(number, 2 * ABANDONED_AFTER_MS));
    expect(abandoned(old, [1, 3, 9])).toEqual([2]);
  });

  it('are not those that a later attempt goes on with', () => {
    const first = claim(1, 2 * ABANDONED_AFTER_MS);
    const second = { ...claim(1, ABANDONED_AFTER_MS), turn: 2 };
    expect(abandoned([first, second])).toEqual([]);
    expect(abandoned([first, { ...second, lastModified: new Date(second.lastModified.getTime() - 1) }])).toEqual([
      1, 1,
    ]);
  });

  it('are none in an empty series', () => {
    expect(abandoned([], [])).toEqual([]);
  });
});

describe('claimReader', () => {
  it('reads what a run wrote', async () => {
    const series = new Series();
    const id = await series.killed(1);
    expect(await claimReader(series.store)(series.keys.claim({ number: 1 }))).toMatchObject({ id });
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['of a newer format', '{"format":99}'],
    ['too large', ' '.repeat(1024 * 1024 + 1)],
  ])('has nothing to say about a claim that is %s', async (_, body) => {
    const series = new Series();
    const key = series.keys.claim({ number: 1 });
    await series.store.put(key, Buffer.from(body));
    expect(await claimReader(series.store)(key)).toBeUndefined();
  });

  it('has nothing to say about a claim that is gone', async () => {
    const series = new Series();
    expect(await claimReader(series.store)(series.keys.claim({ number: 1 }))).toBeUndefined();
  });

  it('passes on that the store refused', async () => {
    const series = new Series();
    const store = new ObservedStore(series.store, {
      before: () => {
        throw new BackupError('Access denied.', { class: 'permanent', code: 'AccessDenied' });
      },
    });
    await expect(claimReader(store)(series.keys.claim({ number: 1 }))).rejects.toThrow('Access denied.');
  });
});
