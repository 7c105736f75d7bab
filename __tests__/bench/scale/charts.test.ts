import { describe, expect, it } from '@jest/globals';
import { growthSvg } from '../../../bench/scale/charts.ts';
import { LINES } from '../../../bench/scale/plan.ts';

describe('growthSvg', () => {
  it('shows time and memory of every line of a unit', () => {
    const runs = [{ wallSeconds: 1, cpuSeconds: 1, rssBytes: 2 ** 27, requests: 3 }];
    const points = Object.keys(LINES.entries).flatMap((line) =>
      [1_000, 10_000].map((size) => ({ unit: 'entries' as const, line, size, rounds: 1, runs })),
    );
    const svg = growthSvg(points, 'entries');
    expect(svg.match(/<circle /g)).toHaveLength(4 * 2 * 2);
    for (const text of ['Microseconds an entry', 'Peak memory, MiB', '>1,000<', '>10,000<', '>backup, full<']) {
      expect(svg).toContain(text);
    }
  });
});
