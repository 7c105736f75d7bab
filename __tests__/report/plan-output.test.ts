import { expect, it } from '@jest/globals';
import { planOutput } from '../../src/report/plan-output.ts';
import { loadReport } from '../fixtures/reports/load.ts';

const { prune } = loadReport('daily-with-prune');

it('gives every version with its decision and its reasons, newest first', () => {
  const plan: { number: number; decision: string; reasons: string[] }[] = JSON.parse(planOutput(prune));
  expect(plan.map(({ number, decision, reasons }) => [number, decision, ...reasons])).toEqual([
    [42, 'kept', 'newest version', 'last 1 of 2'],
    [41, 'kept', 'last 2 of 2'],
    [40, 'not removed', 'locked until 2026-12-20 03:15:00 UTC'],
    [39, 'removed', 'no rule keeps it'],
    [7, 'kept', 'pinned'],
  ]);
  expect(plan[0]).toMatchObject({ id: prune.decisions[0]?.version.id, time: '2026-11-22T03:15:00.000Z' });
});

it('gives the newest of very many', () => {
  const [decision] = prune.decisions;
  const decisions = decision === undefined ? [] : Array.from({ length: 10_000 }, () => decision);
  const text = planOutput({ ...prune, decisions });
  expect(text.length).toBeLessThanOrEqual(100_000);
  expect(JSON.parse(text).length).toBeGreaterThan(400);
});
