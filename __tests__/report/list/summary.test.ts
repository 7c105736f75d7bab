import { describe, expect, it } from '@jest/globals';
import { SUMMARY_LIMIT_BYTES } from '../../../src/report/budget.ts';
import { renderListSummary } from '../../../src/report/list/summary.ts';
import { fileEntry } from '../../series/series-fixture.ts';
import { RUN } from '../command-report.ts';
import {
  CHANGES_REPORT,
  ENTRIES_REPORT,
  itemsOf,
  PACKED,
  SERIES_REPORT,
  VERSIONS,
  VERSIONS_REPORT,
} from './list-reports.ts';

const rowsOf = (page: string) => page.split('\n').filter((line) => line.startsWith('|'));

describe('renderListSummary', () => {
  it('shows series', () => {
    const page = renderListSummary(SERIES_REPORT);
    expect(page).toMatch(/^### Series below backups\n\n2 series\.\n/);
    expect(rowsOf(page)).toEqual(
      expect.arrayContaining([
        '| <code>dist</code> | 1,234 | <code>dist_full_20261122T080910Z_000042</code> | 2026-11-22 08:09:10 UTC |',
        '| <code>new</code> | 0 | none |  |',
      ]),
    );
  });

  it('shows versions, incomplete and pinned ones as such', () => {
    expect(rowsOf(renderListSummary(VERSIONS_REPORT)).slice(0, 5)).toEqual([
      '| Version | Time | Type | State | Pin |',
      '| --: | --- | --- | --- | --- |',
      '| 43 | 2026-11-22 08:09:10 UTC | unknown | **incomplete** |  |',
      '| 42 | 2026-11-22 08:09:10 UTC | full | complete |  |',
      '| 41 | 2026-11-22 08:09:10 UTC | full | complete | pinned by octocat on 2026-11-22 08:09:10 UTC: a&#124;b |',
    ]);
  });

  it('shows runs and totals of those versions that have them', () => {
    const totals = { files: 1234, symlinks: 0, directories: 0, bytes: 2048 };
    const detailed = VERSIONS.map((item) =>
      item.number === 42 ? { ...item, run: RUN, totals, packs: PACKED.packs } : item,
    );
    const page = renderListSummary({ ...VERSIONS_REPORT, kind: 'versions', items: itemsOf(detailed) });
    expect(page).toContain('| Pin | Files | Bytes | Packs | Run |');
    expect(page).toContain(
      '| 1,234 | 2.0 KiB | 2 packs of 1.0 MiB | [<code>0123456</code>](https://github.com/acme/app/actions/runs/7) by <code>octocat</code> |',
    );
    expect(page).toMatch(/^\| 43 \| .* \| {2}\| {2}\| {2}\| {2}\|$/m);
  });

  it('shows entries, with hostile names harmless, and where the others are', () => {
    const page = renderListSummary(ENTRIES_REPORT);
    expect(page).toContain('5,000 entries, 2.0 KiB.');
    expect(page).toContain('| <code>a&#92;n&#58;&#58;error&#58;&#58;x</code> | file | 2.0 KiB | as it is | 0644 |');
    expect(page).toContain('| <code>link</code> | symlink |  |  |  |');
    expect(page).toContain('… and 4,997 more; the file in the output `file` has all.');
  });

  it('says how much is packed and compressed, and of each file how it is stored', () => {
    const slice = { offset: 0, bytes: 10, skip: 0 };
    const form = { encoding: 'zstd', bytes: 1024, sha256: '0'.repeat(64) } as const;
    const items = itemsOf([fileEntry('in a pack', { slice }), fileEntry('log', { stored: form, size: 2048 })]);
    const page = renderListSummary({ ...ENTRIES_REPORT, items, stored: PACKED } as typeof ENTRIES_REPORT);
    expect(page).toContain(
      'Stored: 1,200 files of 3.0 MiB in 2 packs of 1.0 MiB, 1 file of 10 MiB compressed to 2.0 KiB.',
    );
    expect(page).toContain('| <code>in a pack</code> | file | 5 B | packed | 0644 |');
    expect(page).toContain('| <code>log</code> | file | 2.0 KiB | compressed to 1.0 KiB | 0644 |');
  });

  it('shows what changed', () => {
    const page = renderListSummary(CHANGES_REPORT);
    expect(page).toMatch(/^### What changed in dist from version 41 to 42\n/);
    expect(page).toContain('| Added | 1 | 5 B |');
    expect(page).toContain('- <code>gone</code>');
  });

  it('stays within what GitHub keeps', () => {
    const long = Array.from({ length: 500 }, (_, index) => fileEntry(`${'|'.repeat(1000)}${index}`));
    const page = renderListSummary({ ...ENTRIES_REPORT, items: itemsOf(long) } as typeof ENTRIES_REPORT);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
  });
});
