import type { Cost } from '../measure.ts';
import { median } from '../report.ts';
import { GIB, LINES, MAX_GROWTH, type Point, type Unit } from './plan.ts';

/** All runs of one line at one point. */
export interface Measured extends Point {
  readonly line: string;
  readonly runs: readonly (Cost & { readonly requests: number })[];
}

/** All that a run of the benchmark found out, as it is kept in `results.json`. */
export interface ScaleResults {
  /** `2026-11-22` */
  readonly date: string;
  readonly machine: string;
  readonly points: readonly Measured[];
}

const MIB = 2 ** 20;

/** How a line does at one size, in medians. */
export interface Growth {
  readonly size: number;
  readonly wallSeconds: number;
  /** Microseconds an entry, milliseconds a GiB: the whole step, its start included. */
  readonly perUnit: number;
  /** The same for what this size has more than the one before; undefined for the smallest. */
  readonly further: number | undefined;
  readonly rssMib: number;
  readonly requests: number;
  /** Multiples of the smallest size. */
  readonly timeGrowth: number;
  readonly memoryGrowth: number;
}

/** The sizes of one line, smallest first. */
export function growthOf(points: readonly Measured[], unit: Unit, line: string): readonly Growth[] {
  const own = points.filter((point) => point.unit === unit && point.line === line);
  const middle = own.toSorted((a, b) => a.size - b.size).map(middleOf);
  const [smallest] = middle;
  return middle.map((one, index) => {
    const before = middle[index - 1];
    return {
      ...one,
      further:
        before &&
        ((one.wallSeconds - before.wallSeconds) / (unitsOf(unit, one.size) - unitsOf(unit, before.size))) * SCALE[unit],
      timeGrowth: one.perUnit / (smallest?.perUnit ?? Number.NaN),
      memoryGrowth: one.rssMib / (smallest?.rssMib ?? Number.NaN),
    };
  });
}

/** Seconds of one unit to what is shown: microseconds an entry, milliseconds a GiB. */
const SCALE: Readonly<Record<Unit, number>> = { entries: 1e6, bytes: 1e3 };

const unitsOf = (unit: Unit, size: number) => (unit === 'entries' ? size : size / GIB);

function middleOf({ unit, size, runs }: Measured) {
  const wallSeconds = median(runs.map((run) => run.wallSeconds));
  return {
    size,
    wallSeconds,
    perUnit: (wallSeconds / unitsOf(unit, size)) * SCALE[unit],
    rssMib: median(runs.map(({ rssBytes }) => rssBytes)) / MIB,
    requests: median(runs.map(({ requests }) => requests)),
  };
}

/** Where a line takes more than {@link MAX_GROWTH} times the smallest size, in words; empty where none does. */
export function exceeding(points: readonly Measured[]): readonly string[] {
  return unitsIn(points).flatMap((unit) =>
    Object.entries<string>(LINES[unit]).flatMap(([line, title]) =>
      growthOf(points, unit, line).flatMap(({ size, timeGrowth, memoryGrowth }) => [
        ...(timeGrowth > MAX_GROWTH ? [`${title}, ${sizeText(unit, size)}: time ${timeGrowth.toFixed(2)} ×`] : []),
        ...(memoryGrowth > MAX_GROWTH
          ? [`${title}, ${sizeText(unit, size)}: memory ${memoryGrowth.toFixed(2)} ×`]
          : []),
      ]),
    ),
  );
}

export function unitsIn(points: readonly Measured[]): readonly Unit[] {
  return (['entries', 'bytes'] as const).filter((unit) => points.some((point) => point.unit === unit));
}

export function sizeText(unit: Unit, size: number): string {
  return unit === 'entries' ? size.toLocaleString('en-US') : `${Number((size / GIB).toPrecision(3))} GiB`;
}

/** The table of one unit, in Markdown. */
export function growthTable(points: readonly Measured[], unit: Unit): string {
  const each = unit === 'entries' ? 'µs an entry' : 'ms a GiB';
  const rows = Object.entries<string>(LINES[unit]).flatMap(([line, title]) =>
    growthOf(points, unit, line).map((growth) => row(title, unit, growth)),
  );
  return [
    `| Line | ${unit === 'entries' ? 'Entries' : 'Size'} | Wall s | ${each} | each further one | × smallest | Peak MiB | × smallest | Requests |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function row(title: string, unit: Unit, growth: Growth): string {
  const cells = [
    title,
    sizeText(unit, growth.size),
    growth.wallSeconds.toFixed(2),
    growth.perUnit.toFixed(0),
    growth.further === undefined ? '–' : growth.further.toFixed(0),
    growth.timeGrowth.toFixed(2),
    growth.rssMib.toFixed(0),
    growth.memoryGrowth.toFixed(2),
    growth.requests.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The part of docs/performance.md that comes out of a run. */
export function scaleMarkdown({ date, machine, points }: ScaleResults): string {
  const over = exceeding(points);
  return [
    `Measured ${date}: ${machine}. Medians; the smallest of each line five times.`,
    '',
    over.length === 0
      ? `Every line stays within ${MAX_GROWTH} times its smallest size, in time for each and in peak memory.`
      : `More than ${MAX_GROWTH} times the smallest size take:`,
    ...(over.length === 0 ? [] : ['', ...over.map((text) => `- ${text}`)]),
    ...unitsIn(points).flatMap((unit) => [
      '',
      `![Time and memory by the number of ${unit}](growth-${unit}.svg)`,
      '',
      growthTable(points, unit),
    ]),
  ].join('\n');
}
