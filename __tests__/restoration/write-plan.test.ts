import { describe, expect, it } from '@jest/globals';
import { ProblemCollector } from '../../src/report/problems.ts';
import { warnOfLoss } from '../../src/restoration/write-plan.ts';
import { type PathStyle, POSIX, WINDOWS } from '../../src/selection/paths.ts';
import { recordingLog } from '../aws/support/log.ts';
import { fileEntry } from '../series/series-fixture.ts';

/** What a restore of files of these modes says in the end. */
function said(modes: readonly string[], style: PathStyle) {
  const log = recordingLog();
  for (const [at, mode] of modes.entries()) warnOfLoss(fileEntry(`file ${at}`, { mode }), { style }, log);
  const problems = new ProblemCollector();
  for (const warning of log.warnings) problems.add(warning);
  return problems.list();
}

describe('warnOfLoss', () => {
  it('says once, on Windows, that modes do not come back, however many files have one', () => {
    expect(said(['0644', '0755', '0744', '0601'], WINDOWS)).toEqual([
      { kind: 'modes-on-windows', message: expect.stringMatching(/^Windows keeps no/), count: 3, examples: [] },
    ]);
  });

  it('says nothing of modes that Windows makes itself', () => {
    expect(said(['0644', '0666', '0444'], WINDOWS)).toEqual([]);
  });

  it('says nothing of modes that come back', () => {
    expect(said(['0644', '0755', '0000'], POSIX)).toEqual([]);
  });

  it.each([POSIX, WINDOWS])('names files whose special bits do not come back, anywhere: %j', (style) => {
    const [special] = said(['4644', '2644', '0644'], style);
    expect(special).toMatchObject({ kind: 'special-mode-bits', count: 2, examples: ['file 0', 'file 1'] });
  });
});
