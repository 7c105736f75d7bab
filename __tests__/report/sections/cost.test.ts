import { describe, expect, it } from '@jest/globals';
import { costSection } from '../../../src/report/sections/cost.ts';
import type { BackupReport } from '../../../src/report/types.ts';
import { loadReport } from '../../fixtures/reports/load.ts';

const source = (report: BackupReport) => costSection(report).variants[0].source;

describe('the cost', () => {
  it('is labelled as an estimate at list price', () => {
    expect(source(loadReport('first-version'))).toBe(
      '#### Cost\n\nAn estimate at us-east-1 list price, without transfer; check your region.\n\n' +
        '- Requests of this run: &#36;0.0067\n- 1.2 GiB of this version in STANDARD: &#36;0.0276 a month',
    );
  });

  it('names the requests of a dry run as what they are', () => {
    expect(source(loadReport('dry-run'))).toContain('- Requests of this dry run: ');
  });

  it('is not guessed for another store', () => {
    expect(source(loadReport('prune-failed'))).toMatch(
      /^#### Cost\n\nThere is no estimate, as the prices of .* not known\.$/,
    );
  });
});
