import { describe, expect, it } from '@jest/globals';
import { GIB, type Unit } from '../../../bench/scale/plan.ts';
import { exceeding, growthOf, growthTable, type Measured, scaleMarkdown } from '../../../bench/scale/report.ts';

const MIB = 2 ** 20;

function measured(unit: Unit, line: string, size: number, seconds: readonly number[], mib: number): Measured {
  const runs = seconds.map((wallSeconds) => ({ wallSeconds, cpuSeconds: 1, rssBytes: mib * MIB, requests: 9 }));
  return { unit, line, size, rounds: runs.length, runs };
}

const POINTS = [
  measured('entries', 'backup', 10_000, [1.5], 160),
  measured('entries', 'backup', 1_000, [0.5, 9, 0.4], 100),
  measured('bytes', 'command', GIB, [2], 200),
  measured('bytes', 'command', 10 * GIB, [29], 200),
];

describe('growthOf', () => {
  it('compares every size with the smallest, by medians', () => {
    expect(growthOf(POINTS, 'entries', 'backup')).toEqual([
      expect.objectContaining({ size: 1_000, perUnit: 500, further: undefined, timeGrowth: 1, memoryGrowth: 1 }),
      expect.objectContaining({ size: 10_000, perUnit: 150, timeGrowth: 0.3, memoryGrowth: 1.6, rssMib: 160 }),
    ]);
  });

  it('says what each further one takes', () => {
    expect(growthOf(POINTS, 'entries', 'backup')[1]?.further).toBeCloseTo(1e6 / 9_000);
    expect(growthOf(POINTS, 'bytes', 'command')[1]?.further).toBeCloseTo(3_000);
  });

  it('knows nothing of a line that was not measured', () => {
    expect(growthOf(POINTS, 'entries', 'restore')).toEqual([]);
  });
});

describe('the report', () => {
  it('names what grows by more than it may', () => {
    expect(exceeding(POINTS)).toEqual([
      'backup, full, 10,000: memory 1.60 ×',
      'backup of the output of a command, 10 GiB: time 1.45 ×',
    ]);
    expect(exceeding(POINTS.slice(2, 3))).toEqual([]);
  });

  it('is a table of each unit', () => {
    expect(growthTable(POINTS, 'entries').split('\n').slice(2)).toEqual([
      '| backup, full | 1,000 | 0.50 | 500 | – | 1.00 | 100 | 1.00 | 9 |',
      '| backup, full | 10,000 | 1.50 | 150 | 111 | 0.30 | 160 | 1.60 | 9 |',
    ]);
  });

  it('is a page with both pictures', () => {
    const page = scaleMarkdown({ date: '2026-11-22', machine: 'a machine', points: POINTS });
    expect(page).toContain('Measured 2026-11-22: a machine.');
    expect(page).toContain('](growth-entries.svg)');
    expect(page).toContain('](growth-bytes.svg)');
    expect(page).toContain('- backup, full, 10,000: memory 1.60 ×');
    const good = scaleMarkdown({ date: '', machine: '', points: POINTS.slice(2, 3) });
    expect(good).toContain('Every line stays within 1.3 times');
  });
});
