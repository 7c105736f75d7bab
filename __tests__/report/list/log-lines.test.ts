import { describe, expect, it } from '@jest/globals';
import { listLines } from '../../../src/report/list/log-lines.ts';
import { RUN } from '../command-report.ts';
import {
  CHANGES_REPORT,
  ENTRIES_REPORT,
  FILE,
  itemsOf,
  PACKED,
  SERIES_REPORT,
  VERSIONS,
  VERSIONS_REPORT,
} from './list-reports.ts';

describe('listLines', () => {
  it('has a line for each series', () => {
    expect(listLines(SERIES_REPORT)).toEqual([
      'dist  1,234 versions  the newest is dist_full_20261122T080910Z_000042',
      'new       0 versions',
      '2 series below backups',
    ]);
    const ofBucket = { ...SERIES_REPORT, place: { ...SERIES_REPORT.place, prefix: '' } };
    expect(listLines(ofBucket).at(-1)).toBe('2 series below the bucket');
  });

  it('has a line for each version, with its ID and what is known of its pin', () => {
    expect(listLines(VERSIONS_REPORT)).toEqual([
      'version 43  2026-11-22 08:09:10 UTC  unknown  incomplete',
      'version 42  2026-11-22 08:09:10 UTC  full     complete    dist_full_20261122T080910Z_000042',
      'version 41  2026-11-22 08:09:10 UTC  full     complete    dist_full_20261121T080910Z_000041  pinned by octocat on 2026-11-22 08:09:10 UTC: a|b',
      'The series dist has 2 versions, 1 incomplete',
    ]);
  });

  it('says with details how much there is, of which commit and by whom', () => {
    const totals = { files: 1234, symlinks: 0, directories: 0, bytes: 3 * 1024 ** 2 };
    const [incomplete, packed, small] = VERSIONS;
    if (incomplete === undefined || packed === undefined || small === undefined) throw new Error('There are three.');
    const items = [
      { ...incomplete, run: { ...RUN, actor: '' } },
      { ...packed, run: RUN, totals, packs: PACKED.packs },
      { ...small, number: 7, pinned: false, run: RUN, totals: { ...totals, files: 1, bytes: 5 } },
    ];
    expect(listLines({ ...VERSIONS_REPORT, items: itemsOf(items) }).slice(0, -1)).toEqual([
      `version 43  2026-11-22 08:09:10 UTC  unknown  incomplete                                            ${RUN.commit.slice(0, 7)}`,
      `version 42  2026-11-22 08:09:10 UTC  full     complete    1,234 files  3.0 MiB  2 packs of 1.0 MiB  ${RUN.commit.slice(0, 7)}  by octocat  dist_full_20261122T080910Z_000042`,
      `version  7  2026-11-22 08:09:10 UTC  full     complete         1 file      5 B                      ${RUN.commit.slice(0, 7)}  by octocat  dist_full_20261121T080910Z_000041`,
    ]);
  });

  it('says of a removed version why it is shown', () => {
    const [version] = VERSIONS;
    const items = itemsOf(version === undefined ? [] : [{ ...version, state: 'removed' as const }]);
    expect(listLines({ ...VERSIONS_REPORT, kind: 'versions', items })[0]).toMatch(
      / removed, newer versions use parts of it(?: |$)/,
    );
  });

  it('has a line for each entry, and says where the others are', () => {
    expect(listLines(ENTRIES_REPORT)).toEqual([
      '   2.0 KiB  a\\n\\u003a:error\\u003a:x',
      ' directory  empty',
      '   symlink  link -> a\\nb',
      `… and 4,997 more: all of them are in ${FILE}`,
      'Version 42 has 5,000 entries, 2.0 KiB',
    ]);
  });

  it('says how much of a version is packed and compressed', () => {
    expect(listLines({ ...ENTRIES_REPORT, stored: PACKED } as typeof ENTRIES_REPORT).at(-1)).toBe(
      'Version 42 has 5,000 entries, 2.0 KiB: 1,200 files of 3.0 MiB in 2 packs of 1.0 MiB, 1 file of 10 MiB compressed to 2.0 KiB',
    );
    const detailed = VERSIONS.map((item) => (item.number === 42 ? { ...item, packs: PACKED.packs } : item));
    expect(listLines({ ...VERSIONS_REPORT, kind: 'versions', items: itemsOf(detailed) })[1]).toMatch(
      / {2}complete {4}2 packs of 1\.0 MiB {2}dist_/,
    );
  });

  it('has a line for each change', () => {
    expect(listLines(CHANGES_REPORT)).toEqual([
      'removed  gone',
      'added    new',
      'From version 41 to 42: 1 added (5 B), 0 changed, 1 removed (7 B), 3 unchanged (99 B)',
    ]);
  });

  it('does not bury the log', () => {
    const [version] = VERSIONS;
    const many = Array.from({ length: 1500 }, () => version).filter((item) => item !== undefined);
    const lines = listLines({ ...VERSIONS_REPORT, kind: 'versions', items: itemsOf(many) });
    expect(lines).toHaveLength(1002);
    expect(lines.at(-2)).toContain('… and 500 more');
  });
});
