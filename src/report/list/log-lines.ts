import type { Change } from '../../series/difference.ts';
import type { Entry } from '../../series/model.ts';
import { alignedLines, type Column } from '../columns.ts';
import { differenceWords } from '../difference-words.ts';
import { pinWords } from '../pin/words.ts';
import { bytes, count, timestamp } from '../units.ts';
import { logSafe, visibleName } from '../visible.ts';
import type { ListReport, SeriesItem, VersionItem } from './types.ts';
import { packWords, SHORT_COMMIT_DIGITS, stateCountWords, stateWords, storedWords } from './words.ts';

/** More would bury the rest of the log; the file has them all. */
export const MAX_LINES = 1000;

/** What was found, a line each, and how much it is. Safe for the log. */
export function listLines(report: ListReport): string[] {
  const { items } = report;
  const lines = itemLines(report);
  const more = items.count - lines.length;
  return [
    ...lines,
    ...(more > 0 ? [`… and ${count(more, 'more', 'more')}: all of them are in ${items.file}`] : []),
    totalLine(report),
  ].map(logSafe);
}

function itemLines(report: ListReport): string[] {
  switch (report.kind) {
    case 'series':
      return alignedLines(report.items.first.slice(0, MAX_LINES), SERIES_COLUMNS);
    case 'versions':
      return alignedLines(report.items.first.slice(0, MAX_LINES), VERSION_COLUMNS).map((line) => `version ${line}`);
    case 'entries':
      return report.items.first.slice(0, MAX_LINES).map(entryLine);
    case 'changes':
      return report.items.first.slice(0, MAX_LINES).map(changeLine);
  }
}

const SERIES_COLUMNS: readonly Column<SeriesItem>[] = [
  { cell: ({ name }) => name },
  { cell: ({ versions }) => count(versions, 'version'), align: 'right' },
  { cell: ({ newest }) => (newest === undefined ? '' : `the newest is ${newest.id}`) },
];

/** What has no limit of length is last. */
const VERSION_COLUMNS: readonly Column<VersionItem>[] = [
  { cell: ({ number }) => String(number), align: 'right' },
  { cell: ({ time }) => timestamp(new Date(time)) },
  { cell: ({ type }) => type ?? 'unknown' },
  { cell: ({ state }) => stateWords(state) },
  { cell: ({ totals }) => (totals === undefined ? '' : count(totals.files, 'file')), align: 'right' },
  { cell: ({ totals }) => (totals === undefined ? '' : bytes(totals.bytes)), align: 'right' },
  { cell: ({ packs }) => (packs === undefined || packs.count === 0 ? '' : packWords(packs)) },
  { cell: ({ run }) => run?.commit.slice(0, SHORT_COMMIT_DIGITS) ?? '' },
  { cell: ({ run }) => (run === undefined || run.actor === '' ? '' : `by ${run.actor}`) },
  { cell: ({ id }) => id ?? '' },
  { cell: ({ pinned, pin }) => (pinned ? pinWords(pin) : '') },
];

function entryLine(entry: Entry): string {
  const size = entry.type === 'file' ? bytes(entry.size) : entry.type;
  const link = entry.type === 'symlink' ? ` -> ${visibleName(entry.target)}` : '';
  return `${size.padStart(10)}  ${visibleName(entry.path)}${link}`;
}

function changeLine({ kind, path }: Change): string {
  return `${kind.padEnd(7)}  ${visibleName(path)}`;
}

function totalLine(report: ListReport): string {
  const { items, place } = report;
  switch (report.kind) {
    case 'series':
      return `${count(items.count, 'series', 'series')} below ${place.prefix === '' ? 'the bucket' : place.prefix}`;
    case 'versions':
      return `The series ${place.series} has ${stateCountWords(report.states)}`;
    case 'entries':
      return [
        `Version ${report.version.number} has ${count(items.count, 'entry', 'entries')}, ${bytes(report.totals.bytes)}`,
        storedWords(report.stored),
      ]
        .filter((part) => part !== '')
        .join(': ');
    case 'changes':
      return `From version ${report.from.number} to ${report.to.number}: ${differenceWords(report.difference)}`;
  }
}
