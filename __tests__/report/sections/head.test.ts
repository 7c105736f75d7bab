import { describe, expect, it } from '@jest/globals';
import { headSection } from '../../../src/report/sections/head.ts';
import type { BackupReport } from '../../../src/report/types.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const sources = (report: BackupReport) => headSection(report).variants.map(({ source }) => source);

describe('the head', () => {
  it('has a heading of the third level and the result, and cannot be shortened', () => {
    expect(sources(loadReport('first-version'))).toEqual([
      '### Backup dist version 1\n\nCommitted as full in 1 m 05 s: 1,234 files, 1.2 GiB.',
    ]);
  });

  it('says twice that a dry run changed nothing', () => {
    const [source = ''] = sources(loadReport('dry-run'));
    expect(source).toMatch(/^### Dry run of backup dist version 43\n\n\*\*Dry run: nothing was changed\.\*\* /);
  });

  it('says that the version is good although the prune failed', () => {
    expect(sources(loadReport('prune-failed'))[0]).toMatch(
      /\*\*Removing old versions failed; this version is complete/,
    );
  });

  it('counts what was removed', () => {
    expect(sources(loadReport('daily-with-prune'))[0]).toMatch(/300 KiB, 1 old version removed\.$/);
  });
});
