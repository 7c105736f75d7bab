import { describe, expect, it } from '@jest/globals';
import { locationSection } from '../../../src/report/sections/location.ts';
import type { BackupReport } from '../../../src/report/types.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const report = loadReport('first-version');
const source = (changed: BackupReport) => locationSection(changed).variants[0].source;
const withRun = (run: Partial<BackupReport['run']>) => source({ ...report, run: { ...report.run, ...run } });

describe('where', () => {
  it('links the run and its commit', () => {
    expect(source(report)).toContain('](https://github.com/acme/shop/actions/runs/17654321098)');
    expect(source(report)).toContain(`](https://github.com/acme/shop/commit/${report.run.commit})`);
  });

  it('links nothing by a URL that is not of the web', () => {
    expect(withRun({ url: 'javascript:alert(1)//acme/shop/actions/runs/1' })).not.toContain('](');
    expect(withRun({ url: '' })).not.toContain('](');
  });

  it('links only what can be a commit', () => {
    expect(withRun({ commit: 'main/../../evil' })).toMatch(/\| Commit \| <code>main\/\.\.\/\.\.\/evil<\/code> of/);
  });

  it('tells attempts after the first', () => {
    expect(withRun({ runAttempt: '1' })).not.toContain('attempt');
    expect(withRun({ runAttempt: '3' })).toContain(', attempt 3, push by <code>octocat</code>');
  });

  it('has an endpoint, a region and a class only where there are', () => {
    const { region, ...location } = report.location;
    expect(region).toBe('eu-west-1');
    expect(source({ ...report, location })).not.toMatch(/Region|Endpoint/);
    const own = source({
      ...report,
      location: { ...location, endpoint: 'https://s3.example', storageClass: 'GLACIER' },
    });
    expect(own).toMatch(/\| Endpoint \| <code>https&#58;\/\/s3\.example<\/code> \|/);
    expect(own).toContain('| Storage class | <code>GLACIER</code> |');
  });

  it('says how long the version is locked, where it is', () => {
    const lock = { mode: 'COMPLIANCE', retainUntil: '2026-12-20T03:15:00.000Z', legalHold: true } as const;
    expect(source({ ...report, lock })).toContain(
      '| Lock | locked until 2026-12-20 03:15:00 UTC (COMPLIANCE) and under legal hold |',
    );
    expect(source(report)).not.toContain('| Lock |');
  });

  it('is in the conditional in a dry run', () => {
    expect(source({ ...report, dryRun: true })).toMatch(/^#### Where it would go\n/);
  });

  it('never shortens what is to be copied', () => {
    const prefix = 'p'.repeat(500);
    expect(source({ ...report, location: { ...report.location, prefix } })).toContain(`<code>${prefix}</code>`);
  });
});
