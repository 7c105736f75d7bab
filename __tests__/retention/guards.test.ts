import { describe, expect, it } from '@jest/globals';
import { allowedRemovals, FUTURE_TOLERANCE_MS, type MaxDelete, stopReason } from '../../src/retention/guards.ts';
import { withHolds } from '../../src/retention/plan.ts';
import { keptNumbers, planOf, versionAt, versionsAt } from './versions.ts';

const HALF: MaxDelete = { kind: 'percent', percent: 50 };
const NOW = new Date('2026-11-22T00:00:00Z');
const daily = (count: number) =>
  versionsAt(Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 9, 1 + index))));

describe('max-delete', () => {
  it.each<[MaxDelete, number, number]>([
    [HALF, 1, 1],
    [HALF, 2, 1],
    [HALF, 3, 1],
    [HALF, 4, 2],
    [{ kind: 'percent', percent: 1 }, 50, 1],
    [{ kind: 'percent', percent: 1 }, 299, 2],
    [{ kind: 'percent', percent: 100 }, 7, 7],
    [{ kind: 'versions', count: 3 }, 2, 3],
  ])('%j of %d versions is %d', (maxDelete, total, expected) => {
    expect(allowedRemovals(maxDelete, total)).toBe(expected);
  });

  it('lets a plan pass that keeps to it, and says of one that does not what to do', () => {
    expect(stopReason(planOf(daily(10), { keepLast: 5 }), HALF, NOW)).toBeUndefined();
    expect(stopReason(planOf(daily(10), { keepLast: 4 }), HALF, NOW)).toBe(
      'Nothing was pruned: 6 of 10 versions would be removed, and max-delete (50%) allows 5: look at the plan, and if it is right set max-delete to 6 for one run.',
    );
    expect(stopReason(planOf(daily(3), { keepLast: 1 }), { kind: 'versions', count: 1 }, NOW)).toMatch(
      /2 of 3 .* max-delete \(1\) allows 1/,
    );
  });

  it('does not count what is held anyway', () => {
    const plan = planOf(daily(10), { keepLast: 1 });
    const held = new Map(plan.decisions.slice(3).map(({ version }) => [version.id, 'legal hold']));
    expect(stopReason(plan, HALF, NOW)).toBeDefined();
    expect(stopReason(withHolds(plan, held), HALF, NOW)).toBeUndefined();
    expect(keptNumbers(withHolds(plan, held))).toEqual([10, 7, 6, 5, 4, 3, 2, 1]);
  });
});

describe('a version that is dated in the future', () => {
  const ahead = (ms: number) => planOf([versionAt(1, '2026-11-01'), versionAt(2, new Date(NOW.getTime() + ms))], {});

  it('stops a prune, also one that would remove nothing', () => {
    expect(stopReason(ahead(FUTURE_TOLERANCE_MS), HALF, NOW)).toBeUndefined();
    expect(stopReason(ahead(FUTURE_TOLERANCE_MS + 1000), HALF, NOW)).toBe(
      "Nothing was pruned: dist_full_20261122T000501Z_000002 is dated in the future, by the store's clock it is " +
        '2026-11-22T00:00:00Z: find out who wrote it, and delete its record if it is no backup of yours.',
    );
  });

  it('is counted with its like', () => {
    const plan = planOf(versionsAt(['2026-11-01', '2031-01-01', '2032-01-01']), {});
    expect(stopReason(plan, HALF, NOW)).toMatch(/000003 and others are dated in the future \(2 in all\)/);
  });
});
