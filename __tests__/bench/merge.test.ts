import { describe, expect, it } from '@jest/globals';
import type { Result } from '../../bench/cell.ts';
import { merged } from '../../bench/merge.ts';
import type { Line } from '../../bench/plan.ts';
import type { Results } from '../../bench/report.ts';

function result(line: Line, wallSeconds: number): Result {
  const run = { wallSeconds, cpuSeconds: 1, rssBytes: 1, requests: 1, bytes: 1 };
  return { cell: { line, delayMs: 0, scheme: 'http' }, tool: 'ours', runs: [run] } as unknown as Result;
}

function found(machine: string, ...results: Result[]): Results {
  return { machine: [machine], rounds: 5, results };
}

describe('what a benchmark found', () => {
  it('takes the place of what an earlier run found of the same cells, in the order of the plan', () => {
    const earlier = found('one', result('a', 1), result('f', 2));
    expect(merged(earlier, found('one', result('f', 3), result('c', 4))).results).toEqual([
      result('a', 1),
      result('c', 4),
      result('f', 3),
    ]);
  });

  it('is not mixed with that of another machine', () => {
    expect(merged(found('one', result('a', 1)), found('other', result('c', 4))).results).toEqual([result('c', 4)]);
    expect(merged(undefined, found('other', result('c', 4))).results).toEqual([result('c', 4)]);
  });
});
