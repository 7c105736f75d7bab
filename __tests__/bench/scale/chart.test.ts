import { describe, expect, it } from '@jest/globals';
import { chartsSvg } from '../../../bench/scale/chart.ts';

const CHART = {
  title: 'a < b & c',
  ticks: [
    { x: 1, label: '1' },
    { x: 10, label: '10' },
    { x: 100, label: '100' },
  ],
  lines: [
    {
      name: 'up',
      points: [
        [1, 0],
        [10, 40],
        [100, 80],
      ],
    },
    {
      name: 'flat',
      points: [
        [1, 20],
        [100, 20],
      ],
    },
  ],
} as const;

/** Where the points of a line are drawn. */
const drawn = (svg: string) =>
  Array.from(svg.matchAll(/<polyline points="([^"]+)"/g), ([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  );

describe('chartsSvg', () => {
  it('puts values in proportion, and sizes at equal distances for equal factors', () => {
    const [up = [], flat = []] = drawn(chartsSvg([CHART]));
    const [x1 = 0, x2 = 0, x3 = 0] = up.map(([x]) => x);
    const [y1 = 0, y2 = 0, y3 = 0] = up.map(([, y]) => y);
    expect(x2 - x1).toBeCloseTo(x3 - x2, 1);
    expect(y1 - y2).toBeCloseTo(y2 - y3, 1);
    expect(y3).toBeLessThan(y1);
    expect(flat.map(([, y]) => y)).toEqual([flat[0]?.[1], flat[0]?.[1]]);
  });

  it('begins at zero, and has round numbers up to the next one above', () => {
    const levels = Array.from(chartsSvg([CHART]).matchAll(/text-anchor="end">([^<]+)</g), ([, level]) => level);
    expect(levels).toEqual(['0', '20', '40', '60', '80', '100']);
  });

  it('is well-formed, whatever the names, and has one legend for all', () => {
    const svg = chartsSvg([CHART, CHART]);
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg.match(/>flat</g)).toHaveLength(1);
    expect(svg.match(/<g /g)).toHaveLength(2);
    expect(svg.match(/<\/g>/g)).toHaveLength(2);
  });

  it('can draw a single size', () => {
    const one = { ...CHART, ticks: CHART.ticks.slice(0, 1), lines: [{ name: 'one', points: [[1, 3]] as const }] };
    expect(chartsSvg([one])).not.toMatch(/NaN|Infinity/);
  });
});
