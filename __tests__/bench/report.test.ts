import { describe, expect, it } from '@jest/globals';
import type { Result, Run } from '../../bench/cell.ts';
import type { Cell } from '../../bench/plan.ts';
import { furtherGoals, markdown, median, ratioToBest, table } from '../../bench/report.ts';

const CELL: Cell = { line: 'a', delayMs: 0, scheme: 'http' };

const run = (wallSeconds: number): Run => ({ wallSeconds, cpuSeconds: 1, rssBytes: 2 ** 20, requests: 3, bytes: 4e6 });

function result(tool: string, runs: readonly Run[], note?: string): Result {
  return { cell: CELL, tool, runs, ...(note && { note }) };
}

describe('median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('a cell', () => {
  const results = [
    result('ours', [run(1), run(9), run(2)]),
    result('ours, layout: files', [run(0.1)]),
    result('fast', [run(5), { failure: 'exit code 1' }]),
    result('absent', [], 'absent is not on PATH'),
  ];

  it('is judged against the best of the others, and not against ourselves', () => {
    expect(ratioToBest(results)).toBe(2.5);
    expect(ratioToBest(results.slice(0, 2))).toBeUndefined();
  });

  it('is a table, the fastest first, that says what is missing', () => {
    const text = table(results);
    const tools = text.split('\n').flatMap((line) => /^\| \**([a-z][^*|]*?)\** \|/.exec(line)?.[1] ?? []);
    expect(tools).toEqual(['ours, layout: files', 'ours', 'fast', 'absent']);
    expect(text).toContain('| **ours** | 2.00 | 1.00 | 1 | 3 | 4.0 | 3 |');
    expect(text).toContain('| fast | 5.00 |');
    expect(text).toContain('- absent: absent is not on PATH');
    expect(text).toContain('takes 2.50 times as long as `ours`');
  });

  it('is part of the page, with its ratio in front, and says of when and of which code it is', () => {
    const measured = results.map((one) => ({ ...one, measured: '2026-11-22, commit 0123abc' }));
    const page = markdown({ machine: ['a machine'], rounds: 3, results: measured });
    expect(page).toContain('(http, 0 ms)\n\nMeasured 2026-11-22, commit 0123abc.\n\n| Tool');
    expect(page).toContain('- a machine');
    expect(page).toContain('(http, 0 ms) | **2.50** (4) | 1 |');
  });
});

describe('further goals', () => {
  const at = (line: Cell['line'], tool: string, fields: Partial<Run>) => ({
    ...result(tool, [{ ...run(2), ...fields } as Run]),
    cell: { ...CELL, line },
  });

  it('are judged where what they compare was run', () => {
    const [ours, files, peer] = [
      at('a', 'ours', { requests: 11, rssBytes: 100 }),
      at('a', 'ours, layout: files', { wallSeconds: 2 }),
      at('a', 's5cmd', { wallSeconds: 3 }),
    ];
    expect(furtherGoals([ours, files, peer, at('d', 'ours', { rssBytes: 120 })])).toEqual([
      '| Requests on a, at most | **11** (10) |',
      '| `layout: files` on a, times as fast as s5cmd | 1.50 (1) |',
      '| Peak of d as a multiple of a | 1.20 (1.3) |',
    ]);
    expect(furtherGoals([ours])).toEqual(['| Requests on a, at most | **11** (10) |']);
    expect(furtherGoals([])).toEqual([]);
  });
});
