import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { outputsOf } from '../../src/report/outputs.ts';
import { planOutput } from '../../src/report/plan-output.ts';
import { loadReport, reportNames } from '../fixtures/reports/load.ts';

describe('outputsOf', () => {
  it.each(reportNames())('has exactly the outputs that action.yml declares: %s', (name) => {
    const action: { outputs: object } = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'));
    expect(Object.keys(outputsOf(loadReport(name)))).toEqual(Object.keys(action.outputs));
  });

  it('describes the version, what it took and what remains', () => {
    expect(outputsOf(loadReport('daily-with-prune'))).toEqual({
      version: '42',
      'version-id': 'dist_full_20261122T031500Z_000042',
      'record-key': 'backups/dist/versions/dist_full_20261122T031500Z_000042.json',
      uri: 's3://acme-backups/backups/dist/versions/dist_full_20261122T031500Z_000042.json',
      files: '5',
      bytes: '307200',
      'uploaded-bytes': '307200',
      'resumed-bytes': '0',
      requests: '22',
      'duration-ms': '4210',
      pruned: '["dist_full_20261119T031500Z_000039"]',
      kept: JSON.stringify([
        'dist_full_20261122T031500Z_000042',
        'dist_full_20261121T031500Z_000041',
        'dist_full_20261120T031500Z_000040',
        'dist_full_20261101T031500Z_000007',
      ]),
      plan: planOutput(loadReport('daily-with-prune').prune),
    });
  });

  it('says what would have been in a dry run', () => {
    const outputs = outputsOf(loadReport('dry-run'));
    expect(outputs).toMatchObject({
      version: '43',
      'uploaded-bytes': '0',
      pruned: '["dist_full_20261121T031500Z_000041"]',
    });
  });

  it('says that the prune failed, and that all is still there', () => {
    const { pruned, kept = '' } = outputsOf(loadReport('prune-failed'));
    expect([pruned, JSON.parse(kept).length]).toEqual(['failed', 3]);
  });

  it('gives whole milliseconds', () => {
    expect(outputsOf({ ...loadReport('dry-run'), durationMs: 12.7 })['duration-ms']).toBe('13');
  });
});
