import { type Chart, chartsSvg } from './chart.ts';
import { LINES, type Unit } from './plan.ts';
import { type Growth, growthOf, type Measured, sizeText } from './report.ts';

/** Time and memory of one unit, as a picture. */
export function growthSvg(points: readonly Measured[], unit: Unit): string {
  const sizes = [...new Set(points.filter((point) => point.unit === unit).map(({ size }) => size))].sort(
    (a, b) => a - b,
  );
  const ticks = sizes.map((size) => ({ x: size, label: sizeText(unit, size) }));
  const chart = (title: string, value: (growth: Growth) => number): Chart => ({
    title,
    ticks,
    lines: Object.entries<string>(LINES[unit]).map(([line, name]) => ({
      name,
      points: growthOf(points, unit, line).map((growth) => [growth.size, value(growth)]),
    })),
  });
  return chartsSvg([
    chart(unit === 'entries' ? 'Microseconds an entry' : 'Milliseconds a GiB', ({ perUnit }) => perUnit),
    chart('Peak memory, MiB', ({ rssMib }) => rssMib),
  ]);
}
