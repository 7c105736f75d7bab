import { blocks } from '../blocks.ts';
import { assemble, type Section, SUMMARY_LIMIT_BYTES } from '../budget.ts';
import { code, EMPTY, type Markdown, md } from '../markdown.ts';
import { differenceSection } from '../sections/difference.ts';
import { placeSection } from '../sections/place.ts';
import { problemsSection } from '../sections/problems.ts';
import { bytes, count, timestamp } from '../units.ts';
import { entriesTable, seriesTable, versionsTable } from './tables.ts';
import type { ListReport } from './types.ts';
import { stateCountWords, storedWords } from './words.ts';

/** Rows of a table, and where even those are too much. */
const MAX_ROWS = 500;
const FEW_ROWS = 20;

/** The job summary of a listing: Markdown, never longer than {@link SUMMARY_LIMIT_BYTES}. */
export function renderListSummary(report: ListReport): string {
  const sections = [headSection(report), problemsSection(report), itemsSection(report), placeSection(report)];
  return assemble(sections, SUMMARY_LIMIT_BYTES);
}

function headSection(report: ListReport): Section {
  return { name: 'head', variants: [blocks(...head(report))] };
}

function head(report: ListReport): Markdown[] {
  const { place, items } = report;
  switch (report.kind) {
    case 'series':
      return [md`### Series below ${place.prefix || 'the bucket'}`, md`${count(items.count, 'series', 'series')}.`];
    case 'versions':
      return [md`### Versions of ${place.series}`, md`${stateCountWords(report.states)}.`];
    case 'entries': {
      const { version, totals } = report;
      const stored = storedWords(report.stored);
      return [
        md`### Entries of ${place.series} version ${String(version.number)}`,
        md`${code(version.id)}, made ${timestamp(version.time)}: ${count(items.count, 'entry', 'entries')}, ${bytes(totals.bytes)}.`,
        stored === '' ? EMPTY : md`Stored: ${stored}.`,
      ];
    }
    case 'changes':
      return [
        md`### What changed in ${place.series} from version ${String(report.from.number)} to ${String(report.to.number)}`,
      ];
  }
}

function itemsSection(report: ListReport): Section {
  if (report.kind === 'changes') return differenceSection({ difference: report.difference, version: report.to });
  return { name: 'the list', variants: [shown(report, MAX_ROWS), shown(report, FEW_ROWS), EMPTY] };
}

type TabularReport = Exclude<ListReport, { kind: 'changes' }>;

function shown(report: TabularReport, limit: number): Markdown {
  const more = report.items.count - Math.min(report.items.first.length, limit);
  const rest = more > 0 ? md`… and ${count(more, 'more', 'more')}; the file in the output \`file\` has all.` : EMPTY;
  return blocks(rows(report, limit), rest);
}

function rows(report: TabularReport, limit: number): Markdown {
  switch (report.kind) {
    case 'series':
      return seriesTable(report.items.first.slice(0, limit));
    case 'versions':
      return versionsTable(report.items.first.slice(0, limit));
    case 'entries':
      return entriesTable(report.items.first.slice(0, limit));
  }
}
