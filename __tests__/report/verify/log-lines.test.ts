import { describe, expect, it } from '@jest/globals';
import { requestedLines, verifyLines } from '../../../src/report/verify/log-lines.ts';
import { ID, RECORD } from '../../series/series-fixture.ts';
import { aReport, DAMAGE, STALENESS } from './fixture.ts';

describe('the log of a verification', () => {
  it('ends with how much was looked at', () => {
    expect(verifyLines(aReport())).toEqual(['Verified 1 version, 3 objects, 1.2 KiB: no damage; 1.2 s, 7 requests']);
  });

  it('names what is damaged, what was restored and how old the newest version is', () => {
    const version = { id: ID, number: 42, type: 'full', time: new Date(0) } as const;
    const drill = { durationMs: 2000, totals: RECORD.totals };
    const report = aReport({
      level: 'restore',
      versions: [{ version, state: 'damaged', drill }],
      damaged: { first: [DAMAGE], count: 3, file: '/tmp/list.ndjson' },
      notComparable: 2,
      staleness: STALENESS,
    });
    expect(verifyLines(report)).toEqual([
      `Damaged (missing): b/ü.txt (${DAMAGE.key}): it is not there; it hurts ${ID}`,
      '… and 2 more: all of them are in /tmp/list.ndjson',
      'Version 42 was restored and compared in 2.0 s: 3 files, 1.2 KiB (617 B/s)',
      'The newest version of dist, number 42 of 2026-11-22 08:09:10 UTC, is 1 d 06 h old, and `max-age` is 26h.',
      'Verified 1 version, 3 objects (2 checksums not comparable), 1.2 KiB: 3 damaged entries; 1.2 s, 7 requests',
    ]);
  });

  it('is no place for workflow commands and line breaks in names', () => {
    const damaged = { first: [{ ...DAMAGE, path: 'x\n::set-output::y' }], count: 1, file: '/tmp/list.ndjson' };
    const [line] = verifyLines(aReport({ damaged }));
    expect(line).not.toMatch(/\n|::/);
  });

  it('begins with the seed of a sample', () => {
    const subset = { kind: 'sample', share: 0.05, seed: 'abc' } as const;
    expect(requestedLines({ level: 'data', subset })).toEqual([
      'Level data: every byte of a sample of 5 % of the objects, drawn with the seed abc',
    ]);
  });
});
