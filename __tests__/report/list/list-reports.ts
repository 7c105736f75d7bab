import type { Items, ListReport, VersionItem } from '../../../src/report/list/types.ts';
import type { Entry } from '../../../src/series/model.ts';
import type { StoredSizes } from '../../../src/series/stored-sizes.ts';
import { fileEntry } from '../../series/series-fixture.ts';
import { COMMON, RUN, VERSION } from '../command-report.ts';

export const FILE = '/tmp/list.ndjson';

export function itemsOf<T>(first: readonly T[], count = first.length): Items<T> {
  return { first, count, file: FILE };
}

export const OLDER = { ...VERSION, number: 41, id: 'dist_full_20261121T080910Z_000041' };
const time = VERSION.time.toISOString();

export const VERSIONS: readonly VersionItem[] = [
  { number: 43, id: null, type: null, time, state: 'incomplete', pinned: false },
  { number: 42, id: VERSION.id, type: 'full', time, state: 'complete', pinned: false },
  {
    number: 41,
    id: OLDER.id,
    type: 'full',
    time,
    state: 'complete',
    pinned: true,
    pin: { by: 'octocat', time, reason: 'a|b', url: '' },
  },
];

export const ENTRIES: readonly Entry[] = [
  fileEntry('a\n::error::x', { size: 2048 }),
  { path: 'empty', type: 'directory', mode: '0755', mtime: time },
  { path: 'link', type: 'symlink', target: 'a\nb', mtime: time },
];

export const SERIES_REPORT: ListReport = {
  ...COMMON,
  place: { ...COMMON.place, series: '' },
  kind: 'series',
  items: itemsOf([
    { name: 'dist', versions: 1234, newest: { number: 42, id: VERSION.id, time } },
    { name: 'new', versions: 0 },
  ]),
};

const STATES = { complete: 2, incomplete: 1, removed: 0 };

export const VERSIONS_REPORT: Extract<ListReport, { kind: 'versions' }> = {
  ...COMMON,
  kind: 'versions',
  states: STATES,
  items: itemsOf(VERSIONS),
};

export const NOTHING_PACKED: StoredSizes = {
  packed: { files: 0, bytes: 0 },
  packs: { count: 0, bytes: 0 },
  compressed: { files: 0, bytes: 0, storedBytes: 0 },
};

export const PACKED: StoredSizes = {
  packed: { files: 1200, bytes: 3 * 1024 ** 2 },
  packs: { count: 2, bytes: 1024 ** 2 },
  compressed: { files: 1, bytes: 10 * 1024 ** 2, storedBytes: 2048 },
};

export const ENTRIES_REPORT: ListReport = {
  ...COMMON,
  kind: 'entries',
  version: VERSION,
  run: RUN,
  totals: { files: 1, symlinks: 1, directories: 1, bytes: 2048 },
  stored: NOTHING_PACKED,
  items: itemsOf(ENTRIES, 5000),
};

export const CHANGES_REPORT: ListReport = {
  ...COMMON,
  kind: 'changes',
  from: OLDER,
  to: VERSION,
  difference: {
    againstNumber: 41,
    againstId: OLDER.id,
    added: { count: 1, bytes: 5, examples: ['new'] },
    changed: { count: 0, bytes: 0, examples: [] },
    removed: { count: 1, bytes: 7, examples: ['gone'] },
    unchanged: { count: 3, bytes: 99 },
  },
  items: itemsOf([
    { kind: 'removed', path: 'gone', before: fileEntry('gone', { size: 7 }) },
    { kind: 'added', path: 'new', after: fileEntry('new') },
  ]),
};
