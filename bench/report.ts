import type { Result, Run } from './cell.ts';
import {
  type Cell,
  FILES,
  GOAL_MEMORY_BYTES,
  GOAL_REQUESTS,
  GOALS,
  LINES,
  type Line,
  MAX_MEMORY_GROWTH,
  OURS,
  PEER_OF_FILES,
} from './plan.ts';

/** All that a run of the benchmark found out, as it is kept in `bench/results.json`. */
export interface Results {
  /** Processor, cores, Node and the tools' versions, one line each. */
  readonly machine: readonly string[];
  readonly rounds: number;
  readonly results: readonly Result[];
}

type Good = Exclude<Run, { readonly failure: string }>;

const MIB = 1024 * 1024;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

const good = (result: Result | undefined): Good[] =>
  (result?.runs ?? []).filter((run) => !('failure' in run)) as Good[];
const wallOf = (result: Result): number => median(good(result).map(({ wallSeconds }) => wallSeconds));

/** How much faster we are than the fastest of the others; undefined where there is nothing to compare with. */
export function ratioToBest(results: readonly Result[]): number | undefined {
  const mine = results.find(({ tool }) => tool === OURS);
  const others = results.filter(({ tool }) => !tool.startsWith(OURS)).map(wallOf);
  const best = Math.min(...others.filter((seconds) => !Number.isNaN(seconds)));
  const own = mine === undefined ? Number.NaN : wallOf(mine);
  return Number.isFinite(best) && !Number.isNaN(own) ? best / own : undefined;
}

/** What tells one cell from another. */
export function cellKey({ line, delayMs, scheme }: Cell): string {
  return `${line} ${delayMs} ${scheme}`;
}

/** Cells in the order of their results, each with its own. */
export function cellsOf({ results }: Results): Map<string, readonly Result[]> {
  return Map.groupBy(results, ({ cell }) => cellKey(cell));
}

export function cellTitle({ line, delayMs, scheme }: Cell): string {
  return `${line}: ${LINES[line]} (${scheme}, ${delayMs} ms)`;
}

/** The table of one cell, in Markdown. */
export function table(results: readonly Result[]): string {
  const rows = results.toSorted(
    (a, b) => (wallOf(a) || Number.POSITIVE_INFINITY) - (wallOf(b) || Number.POSITIVE_INFINITY),
  );
  const ratio = ratioToBest(results);
  return [
    '| Tool | Wall s | CPU s | Peak MiB | Requests | MB moved | Runs |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(row),
    '',
    ...(ratio === undefined ? [] : [`The best of the others takes ${ratio.toFixed(2)} times as long as \`${OURS}\`.`]),
    ...results.flatMap(({ tool, note }) => (note === undefined ? [] : [`- ${tool}: ${note.replaceAll('|', '/')}`])),
  ].join('\n');
}

function row(result: Result): string {
  const runs = good(result);
  const name = result.tool === OURS ? `**${OURS}**` : result.tool;
  if (runs.length === 0) return `| ${name} | – | – | – | – | – | 0 |`;
  const middle = (value: (run: Good) => number, digits: number) => median(runs.map(value)).toFixed(digits);
  const cells = [
    middle(({ wallSeconds }) => wallSeconds, 2),
    middle(({ cpuSeconds }) => cpuSeconds, 2),
    middle(({ rssBytes }) => rssBytes / MIB, 0),
    middle(({ requests }) => requests, 0),
    middle(({ bytes }) => bytes / 1e6, 1),
    String(runs.length),
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

/** Goals that are not reached are in bold. */
function overviewRow(results: readonly Result[]): string {
  const mine = results.find(({ tool }) => tool === OURS);
  if (mine === undefined) return '';
  const ratio = ratioToBest(results);
  const goal = GOALS[mine.cell.line];
  const bytes = median(good(mine).map(({ rssBytes }) => rssBytes));
  const cells = [
    cellTitle(mine.cell),
    ratio === undefined ? '–' : `${marked(ratio.toFixed(2), ratio >= goal)} (${goal})`,
    marked((bytes / 1e6).toFixed(0), bytes <= GOAL_MEMORY_BYTES),
  ];
  return `| ${cells.join(' | ')} |`;
}

const marked = (text: string, isReached: boolean) => (isReached ? text : `**${text}**`);

/** Goals that more than one row of the overview has to be looked at for; empty where what they compare was not run. */
export function furtherGoals(results: readonly Result[]): readonly string[] {
  const found = (line: Line, tool: string) =>
    results.find(
      (one) => one.cell.line === line && one.cell.delayMs === 0 && one.cell.scheme === 'http' && one.tool === tool,
    );
  const of = (value: (run: Good) => number, line: Line, tool: string = OURS) =>
    median(good(found(line, tool)).map(value));
  const requests = of((run) => run.requests, 'a');
  const files = of((run) => run.wallSeconds, 'a', PEER_OF_FILES) / of((run) => run.wallSeconds, 'a', FILES);
  const memory = of((run) => run.rssBytes, 'd') / of((run) => run.rssBytes, 'a');
  return [
    goalRow('Requests on a, at most', requests.toFixed(0), requests <= GOAL_REQUESTS, `${GOAL_REQUESTS}`),
    goalRow(`\`layout: files\` on a, times as fast as ${PEER_OF_FILES}`, files.toFixed(2), files >= 1, '1'),
    goalRow('Peak of d as a multiple of a', memory.toFixed(2), memory <= MAX_MEMORY_GROWTH, `${MAX_MEMORY_GROWTH}`),
  ].filter((row) => !row.includes('NaN'));
}

function goalRow(what: string, value: string, isReached: boolean, goal: string): string {
  return `| ${what} | ${marked(value, isReached)} (${goal}) |`;
}

/** The part of docs/performance.md that comes out of a run. */
export function markdown(results: Results): string {
  const cells = [...cellsOf(results).values()];
  return [
    `Medians of ${results.rounds} rounds.`,
    '',
    ...results.machine.map((line) => `- ${line}`),
    '',
    `In brackets the goals; the peak is meant to be below ${GOAL_MEMORY_BYTES / 1e6} MB. **Bold** is what is not reached.`,
    '',
    '| Line | Faster than the best of the others | Peak MB |',
    '| --- | ---: | ---: |',
    ...cells.map(overviewRow),
    '',
    '| Further goals | |',
    '| --- | ---: |',
    ...furtherGoals(results.results),
    ...cells.flatMap(section),
    '',
  ].join('\n');
}

function section(cell: readonly Result[]): string[] {
  const [first] = cell;
  if (first === undefined) return [];
  const measured = first.measured === undefined ? [] : [`Measured ${first.measured}.`, ''];
  return ['', `### ${cellTitle(first.cell)}`, '', ...measured, table(cell)];
}
