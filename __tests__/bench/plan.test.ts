import { describe, expect, it } from '@jest/globals';
import { DEFAULT_CELLS, isTrial, parseOptions } from '../../bench/plan.ts';

describe('parseOptions', () => {
  it('runs the whole plan, five times, by default', () => {
    expect(parseOptions([])).toEqual({ cells: DEFAULT_CELLS, rounds: 5, shrink: 1 });
  });

  it('takes the lines of the plan that are named', () => {
    const { cells } = parseOptions(['--lines=a,f']);
    expect(cells).toEqual(DEFAULT_CELLS.filter(({ line }) => line === 'a' || line === 'f'));
    expect(cells.length).toBeGreaterThan(2);
  });

  it('runs every combination of what is named', () => {
    const { cells, tools, rounds } = parseOptions([
      '--lines=a,b',
      '--delays=0,30',
      '--schemes=http,https',
      '--tools=ours,s5cmd',
      '--rounds=2',
    ]);
    expect([cells.length, tools, rounds]).toEqual([8, ['ours', 's5cmd'], 2]);
    expect(cells).toContainEqual({ line: 'b', delayMs: 30, scheme: 'https' });
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--line=a'])).toThrow('--line=a is no option');
  });
});

describe('a run that is no more than a try', () => {
  it.each(['--tools=ours', '--rounds=4', '--shrink=10'])('is one with %s', (option) => {
    expect(isTrial(parseOptions([option]))).toBe(true);
  });

  it.each([[], ['--lines=a'], ['--delays=30', '--rounds=7']])('is not one with %j', (...options: string[]) => {
    expect(isTrial(parseOptions(options))).toBe(false);
  });
});
