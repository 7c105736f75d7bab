import { describe, expect, it } from '@jest/globals';
import type { Result, Run } from '../../bench/cell.ts';
import type { Cell } from '../../bench/plan.ts';
import { markdown, median, ratioToBest, table } from '../../bench/report.ts';

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

  it('is part of the page, with its ratio in front', () => {
    const page = markdown({ date: '2026-11-22', machine: ['a machine'], rounds: 3, results });
    expect(page).toContain('- a machine');
    expect(page).toContain('(http, 0 ms) | **2.50** (4) | 1 |');
  });
});
