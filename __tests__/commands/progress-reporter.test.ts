import { describe, expect, it } from '@jest/globals';
import { ProgressReporter } from '../../src/commands/progress-reporter.ts';
import { type Log, silentLog } from '../../src/log.ts';
import type { Amount } from '../../src/report/progress.ts';

const TOTAL = { files: 2, bytes: 100 };

/** Stores half of it, ten seconds after the start. */
function halfWay(log: Log): Amount {
  let nowMs = 0;
  const progress = new ProgressReporter(TOTAL, { log, monotonicMs: () => nowMs });
  nowMs = 10_000;
  progress.addBytes(50);
  progress.addFile();
  return progress.done;
}

describe('ProgressReporter', () => {
  it.each([undefined, () => false])('says it in a line where the log has no way of its own: %p', (progress) => {
    const lines: string[] = [];
    const log = { ...silentLog, info: (line: string) => lines.push(line), ...(progress && { progress }) };
    expect(halfWay(log)).toEqual({ files: 1, bytes: 50 });
    expect(lines).toEqual([expect.stringMatching(/^0 of 2 files, 50 B of 100 B \(50 %\), /)]);
  });

  it('leaves it to a log that shows it', () => {
    const shown: [Amount, Amount][] = [];
    const lines: string[] = [];
    const progress = (done: Amount, total: Amount) => shown.push([done, total]) > 0;
    halfWay({ ...silentLog, info: (line: string) => lines.push(line), progress });
    expect(lines).toEqual([]);
    expect(shown).toEqual([
      [{ files: 0, bytes: 50 }, TOTAL],
      [{ files: 1, bytes: 50 }, TOTAL],
    ]);
  });
});
