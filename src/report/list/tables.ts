import type { Entry, FileEntry } from '../../series/model.ts';
import { table } from '../blocks.ts';
import { code, fileName, link, type Markdown, md } from '../markdown.ts';
import { pinWords } from '../pin/words.ts';
import { bytes, grouped, timestamp } from '../units.ts';
import type { SeriesItem, VersionItem } from './types.ts';
import { packWords, SHORT_COMMIT_DIGITS, stateWords } from './words.ts';

const RIGHT = 'right' as const;

const DETAIL_COLUMNS = [
  { title: 'Files', align: RIGHT },
  { title: 'Bytes', align: RIGHT },
  { title: 'Packs' },
  { title: 'Run' },
];

export function seriesTable(items: readonly SeriesItem[]): Markdown {
  const columns = [{ title: 'Series' }, { title: 'Versions', align: RIGHT }, { title: 'Newest' }, { title: 'Time' }];
  const rows = items.map(({ name, versions, newest }) => [
    code(name),
    md`${grouped(versions)}`,
    newest === undefined ? md`none` : code(newest.id),
    md`${newest === undefined ? '' : timestamp(new Date(newest.time))}`,
  ]);
  return table(columns, rows);
}

/** With runs and sizes where at least one of the versions has them. */
export function versionsTable(items: readonly VersionItem[]): Markdown {
  const detailed = items.some(({ totals }) => totals !== undefined);
  const columns = [
    { title: 'Version', align: RIGHT },
    { title: 'Time' },
    { title: 'Type' },
    { title: 'State' },
    { title: 'Pin' },
    ...(detailed ? DETAIL_COLUMNS : []),
  ];
  const rows = items.map((item) => [...versionCells(item), ...(detailed ? detailCells(item) : [])]);
  return table(columns, rows);
}

function versionCells({ number, time, type, state, pinned, pin }: VersionItem): Markdown[] {
  return [
    md`${String(number)}`,
    md`${timestamp(new Date(time))}`,
    md`${type ?? 'unknown'}`,
    stateCell(state),
    md`${pinned ? pinWords(pin) : ''}`,
  ];
}

function stateCell(state: VersionItem['state']): Markdown {
  return state === 'incomplete' ? md`**incomplete**` : md`${stateWords(state)}`;
}

function detailCells({ totals, packs, run }: VersionItem): Markdown[] {
  return [
    md`${totals === undefined ? '' : grouped(totals.files)}`,
    md`${totals === undefined ? '' : bytes(totals.bytes)}`,
    md`${packs === undefined || packs.count === 0 ? '' : packWords(packs)}`,
    run === undefined
      ? md``
      : md`${link(code(run.commit.slice(0, SHORT_COMMIT_DIGITS)), run.url)} by ${code(run.actor)}`,
  ];
}

export function entriesTable(items: readonly Entry[]): Markdown {
  const columns = [
    { title: 'Path' },
    { title: 'Type' },
    { title: 'Size', align: RIGHT },
    { title: 'Stored' },
    { title: 'Mode' },
  ];
  const rows = items.map((entry) => [
    fileName(entry.path),
    md`${entry.type}`,
    md`${entry.type === 'file' ? bytes(entry.size) : ''}`,
    md`${entry.type === 'file' ? storedCell(entry) : ''}`,
    md`${entry.type === 'symlink' ? '' : entry.mode}`,
  ]);
  return table(columns, rows);
}

function storedCell({ slice, stored }: FileEntry): string {
  if (slice !== undefined) return 'packed';
  return stored === undefined ? 'as it is' : `compressed to ${bytes(stored.bytes)}`;
}
